/** What the tests of sessions share: requests, and a backend that shows what it keeps. */
import { type Backend, commit, type Session, type SetOptions, type StoredRecord } from 'sealring';

/** A backend that shows what it keeps. */
export class OpenBackend implements Backend {
  readonly cas = 'atomic';
  readonly records = new Map<string, StoredRecord>();
  /** Under which the last record was listed. */
  subject: string | undefined;

  get(id: string): StoredRecord | undefined {
    return this.records.get(id);
  }

  set(id: string, data: Uint8Array, { version, expiresAt, over, subject }: SetOptions): boolean {
    if (over !== undefined && over?.version !== this.records.get(id)?.version) return false;
    this.records.set(id, { data, version, expiresAt });
    this.subject = subject;
    return true;
  }

  delete(id: string): boolean {
    return this.records.delete(id);
  }

  async *list(): AsyncGenerator<{ id: string; expiresAt: number }> {}

  /** All bytes by their ids, as text. */
  texts(): Record<string, string> {
    return Object.fromEntries(Array.from(this.records, ([id, { data }]) => [id, new TextDecoder().decode(data)]));
  }

  /** The id and the bytes of the first record that starts so, as text. */
  starting(start: string): [id: string, text: string] {
    const found = Object.entries(this.texts()).find(([, text]) => text.startsWith(start));
    if (found !== undefined) return found;
    throw new Error(`the backend has no record that starts with ${start}`);
  }
}

export interface Request {
  headers: { cookie: string };
}

/** One request. @returns its Cookie header for the next. */
export async function visit(
  get: (request: Request) => Promise<Session>,
  cookie: string,
  handle: (session: Session) => unknown,
): Promise<string> {
  const request = { headers: { cookie } };
  await handle(await get(request));
  const { cookies } = await commit(request);
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}
