/** What the checks of the contract do with a backend, and the Error that says what was expected and what came. */

import type { Backend, SetOptions, StoredRecord } from '../backends/backend.ts';

/** Seconds since the epoch: when a check starts. In 2033. */
export const START = 2_000_000_000;
/** When a record expires unless a check says otherwise. */
export const LATER: number = START + 100;

let versions = 0;

/** A version that no other write has. */
export function newVersion(): string {
  return `v_${++versions}-${'x'.repeat(versions % 50)}`;
}

export interface WriteOptions extends Partial<Omit<SetOptions, 'over'>> {
  over?: StoredRecord | null | undefined;
}

/** Calls set(). Returns what it returned, and the record that it was to write. */
export async function trySet(
  backend: Backend,
  id: string,
  data: readonly number[],
  { version = newVersion(), expiresAt = LATER, over, subject }: WriteOptions = {},
): Promise<{ isWritten: boolean; record: StoredRecord }> {
  const options: SetOptions = {
    version,
    expiresAt,
    ...(over !== undefined && { over }),
    ...(subject !== undefined && { subject }),
  };
  const isWritten = await backend.set(id, Uint8Array.from(data), options);
  return { isWritten, record: { data: Uint8Array.from(data), version, expiresAt } };
}

/** Expects set() to write. Returns the record. */
export async function write(
  backend: Backend,
  id: string,
  data: readonly number[],
  options?: WriteOptions,
): Promise<StoredRecord> {
  const { isWritten, record } = await trySet(backend, id, data, options);
  expectEqual(`set() of ${id}`, isWritten, true);
  return record;
}

export async function read(backend: Backend, id: string): Promise<StoredRecord> {
  const record = await backend.get(id);
  if (record === undefined) throw new Error(`get() of ${id}: expected a record, got undefined`);
  return record;
}

export async function expectAbsent(backend: Backend, id: string): Promise<void> {
  if ((await backend.get(id)) !== undefined) throw new Error(`get() of ${id}: expected undefined, got a record`);
}

export async function expectRecord(backend: Backend, id: string, expected: StoredRecord): Promise<void> {
  const record = await read(backend, id);
  expectData(record, expected.data);
  expectEqual(`version of get() of ${id}`, record.version, expected.version);
  expectExpiry(`get() of ${id}`, record.expiresAt, expected.expiresAt);
}

/** Expects set() to return false. */
export async function expectUnwritten(
  backend: Backend,
  id: string,
  over: StoredRecord | null,
  options?: WriteOptions,
): Promise<void> {
  const { isWritten } = await trySet(backend, id, [255], { ...options, over });
  expectEqual(`set() of ${id} over ${over === null ? 'null' : 'another record'}`, isWritten, false);
}

export async function expectList(
  backend: Backend,
  subject: string,
  expected: Readonly<Record<string, number>>,
): Promise<void> {
  const listed = new Map<string, number>();
  for await (const { id, expiresAt } of backend.list?.(subject) ?? []) {
    if (listed.has(id)) throw new Error(`list() of ${subject}: expected ${id} once, got it twice`);
    listed.set(id, expiresAt);
  }
  const ids = [...listed.keys()].sort().join(' ');
  expectEqual(`ids of list() of ${subject}`, ids, Object.keys(expected).sort().join(' '));
  for (const [id, expiresAt] of listed) expectExpiry(`list() of ${subject}`, expiresAt, expected[id] ?? 0);
}

export function expectData({ data }: StoredRecord, expected: ArrayLike<number>): void {
  if (!(data instanceof Uint8Array)) throw new Error('data of get(): expected a Uint8Array, got something else');
  expectEqual('bytes of get()', data.length, expected.length);
  const wrong = data.findIndex((byte, at) => byte !== expected[at]);
  if (wrong >= 0) throw new Error(`byte ${wrong} of get(): expected ${expected[wrong]}, got ${data[wrong]}`);
}

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`);
}

/** To the millisecond: storage may keep no more. */
function expectExpiry(what: string, got: number, expected: number): void {
  if (!(Math.abs(got - expected) <= 0.001)) throw new Error(`expiresAt of ${what}: expected ${expected}, got ${got}`);
}
