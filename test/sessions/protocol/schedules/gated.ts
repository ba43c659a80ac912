/** A backend -> the same, with every call of a request as a step of the turnstile. It knows what is in it, so that states can be compared. */
import { type Head, parseHead } from '@sealring/wire';
import type { Backend, SetOptions, StoredRecord } from '../../../../packages/sessions/src/backends/backend.ts';
import { Turnstile } from './turnstile.ts';

/** What a record says in clear: a session, a pointer, a tombstone, or the number of a subject. */
export interface Known {
  /** Which write it was, in words that are the same in every run. */
  readonly version: string;
  /** Which request wrote it. */
  readonly by: string | undefined;
  readonly head: Head | undefined;
  /** The index name that it is listed under. */
  readonly subject: string | undefined;
  /** The family that the number of a subject spares. */
  readonly spare: string | undefined;
}

/** When the list of a subject is written: with the record, or in a step of its own. */
export type Index = 'with' | 'before' | 'after';

/** Words for ids and versions, the same in every run. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  give(value: string, name: string): void {
    this.#names.set(value, name);
  }

  /** The name of an id. One that is new is named after the request that mentions it first. */
  of(value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const { name, seen } = Turnstile.actor ?? { name: 'nobody', seen: [] };
    const base = `${name}${seen.length}`;
    const count = this.#counts.get(base) ?? 0;
    this.#counts.set(base, count + 1);
    const given = count === 0 ? base : `${base}.${count}`;
    this.#names.set(value, given);
    return given;
  }
}

export class GatedBackend implements Backend {
  readonly cas = 'atomic';
  readonly inProcess: boolean;
  /** By id. */
  readonly known: Map<string, Known> = new Map();
  /** Whether the subject's number, as each request wrote it last, spares a family. */
  readonly spares: Map<string | undefined, boolean> = new Map();
  readonly #backend: Backend;
  readonly #names: Names;
  readonly #index: Index;
  readonly #listed = new Map<string, Set<string>>();

  constructor(backend: Backend, names: Names, { index }: { index: Index }) {
    this.#backend = backend;
    this.#names = names;
    this.#index = index;
    this.inProcess = backend.inProcess === true;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    return await Turnstile.step({
      title: `get ${this.#names.of(id)}`,
      canFail: true,
      isWrite: false,
      execute: () => this.#backend.get(id),
      describe: () => this.#describe(id),
    });
  }

  async set(id: string, data: Uint8Array, options: SetOptions): Promise<boolean> {
    const { subject, over } = options;
    const name = this.#names.of(id);
    const by = Turnstile.actor?.name;
    const version = `${by ?? 'seed'}${Turnstile.actor?.seen.length ?? ''}`;
    const isListed = subject !== undefined && this.#index !== 'with';
    if (isListed && this.#index === 'before') await this.#enlist(subject, id);
    const isWritten = await Turnstile.step({
      title: `set ${name}`,
      canFail: true,
      isWrite: true,
      execute: async () => {
        const isWritten = await this.#backend.set(id, data, options);
        if (isWritten) this.#note(id, { version, by, subject, head: headOf(data), spare: spareOf(data) });
        return isWritten;
      },
      describe: (isWritten) => (isWritten === true ? `= ${this.#describe(id)}` : `≠ ${over ? 'as read' : 'absent'}`),
    });
    if (isListed && isWritten && this.#index === 'after') await this.#enlist(subject, id);
    return isWritten;
  }

  async delete(id: string): Promise<boolean> {
    return await Turnstile.step({
      title: `delete ${this.#names.of(id)}`,
      canFail: true,
      isWrite: true,
      execute: () => {
        this.known.delete(id);
        return this.#backend.delete(id);
      },
      describe: () => '',
    });
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const listed = await Turnstile.step({
      title: 'list',
      canFail: true,
      isWrite: false,
      execute: async (): Promise<{ id: string; expiresAt: number }[]> => {
        if (this.#index !== 'with')
          return [...(this.#listed.get(subject) ?? [])].map((id) => ({ id, expiresAt: Infinity }));
        const all: { id: string; expiresAt: number }[] = [];
        for await (const entry of this.#backend.list?.(subject) ?? []) all.push(entry);
        return all;
      },
      describe: (all) => (Array.isArray(all) ? `{${all.map(({ id }) => this.#names.of(id)).join(' ')}}` : ''),
    });
    for (const entry of listed) {
      if (this.#index === 'with' || (await this.#isOf(entry.id, subject))) yield entry;
    }
  }

  /** A backend that reads its index first looks at each record when it comes to it. */
  async #isOf(id: string, subject: string): Promise<boolean> {
    return await Turnstile.step({
      title: `look at ${this.#names.of(id)}`,
      canFail: true,
      isWrite: false,
      execute: () => this.known.get(id)?.subject === subject,
      describe: String,
    });
  }

  async #enlist(subject: string, id: string): Promise<void> {
    await Turnstile.step({
      title: `enlist ${this.#names.of(id)}`,
      canFail: true,
      isWrite: true,
      execute: () => {
        const listed = this.#listed.get(subject) ?? new Set();
        this.#listed.set(subject, listed.add(id));
      },
      describe: () => '',
    });
  }

  #note(id: string, known: Known): void {
    this.known.set(id, known);
    if (known.head === undefined) this.spares.set(known.by, known.spare !== undefined);
  }

  /** What is in it, for comparing states. */
  get state(): unknown {
    const known = [...this.known].map(([id, { version }]) => `${this.#names.of(id)}:${version}`).sort();
    return [known, [...this.#listed.values()].map((ids) => [...ids].map((id) => this.#names.of(id)).sort())];
  }

  #describe(id: string): string {
    const known = this.known.get(id);
    if (known === undefined) return '–';
    const { version, head, spare } = known;
    if (head === undefined) return `number ${version}${spare === undefined ? '' : ' with a spare'}`;
    return head.state === 'moved' ? `→${this.#names.of(head.to)}` : `${head.state} ${version}`;
  }
}

function headOf(data: Uint8Array): Head | undefined {
  return parseHead(data)?.head;
}

/** From the number of a subject: `N.<n>.<spare>.<since>.` */
function spareOf(data: Uint8Array): string | undefined {
  const [kind, , spare] = new TextDecoder().decode(data.subarray(0, 256)).split('.');
  return kind === 'N' && spare !== '' ? spare : undefined;
}
