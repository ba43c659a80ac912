/** What the checks of the contract say about a backend: an Error with what was expected and what came. */

import type { Backend, StoredRecord, Version } from './backend.ts';

/** Seconds since the epoch: when a check starts. In 2033. */
export const START = 2_000_000_000;
/** When a record expires, if a check says nothing else. */
export const LATER: number = START + 100;

export async function write(
  backend: Backend,
  id: string,
  data: readonly number[],
  expiresAt: number = LATER,
  ifVersion?: Version | null,
  subject?: string,
): Promise<Version> {
  const options = {
    expiresAt,
    ...(ifVersion !== undefined && { ifVersion }),
    ...(subject !== undefined && { subject }),
  };
  const version = await backend.set(id, Uint8Array.from(data), options);
  if (typeof version === 'string') return version;
  throw new Error(`set() of ${id}: expected a version, got ${version}`);
}

export async function read(backend: Backend, id: string): Promise<StoredRecord> {
  const record = await backend.get(id);
  if (record === undefined) throw new Error(`get() of ${id}: expected a record, got undefined`);
  return record;
}

export async function expectAbsent(backend: Backend, id: string): Promise<void> {
  if ((await backend.get(id)) !== undefined) throw new Error(`get() of ${id}: expected undefined, got a record`);
}

export async function expectRefused(
  backend: Backend,
  id: string,
  ifVersion: Version | null,
  expiresAt: number = LATER,
): Promise<void> {
  const version = await backend.set(id, Uint8Array.of(255), { expiresAt, ifVersion });
  expectEqual(`set() of ${id} with ifVersion ${ifVersion === null ? 'null' : 'another version'}`, version, false);
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

/** To the millisecond: storage may keep no more. */
export function expectExpiry(what: string, got: number, expected: number): void {
  if (!(Math.abs(got - expected) <= 0.001)) throw new Error(`expiresAt of ${what}: expected ${expected}, got ${got}`);
}

export function expectData({ data }: StoredRecord, expected: readonly number[]): void {
  if (!(data instanceof Uint8Array)) throw new Error('data of get(): expected a Uint8Array, got something else');
  expectEqual('bytes of get()', data.length, expected.length);
  const wrong = expected.findIndex((byte, at) => byte !== data[at]);
  if (wrong >= 0) throw new Error(`byte ${wrong} of get(): expected ${expected[wrong]}, got ${data[wrong]}`);
}

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`);
}

export function expectDifferent(what: string, first: Version, second: Version): void {
  if (first === second) throw new Error(`${what}: expected another one, got the same`);
}
