/** What the tests of file() share: directories with a record, the clock of locks, and numbers that are counted up. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ManagedBackend, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';
import { write, written } from './write.ts';

export const data: Uint8Array = Uint8Array.of(1, 2, 3);
export const expiresAt: number = Math.floor(Date.now() / 1000) + 86_400;

let root: string | undefined;
let directories = 0;

export function newDirectory(): string {
  root ??= mkdtempSync(join(tmpdir(), 'sealring-file-'));
  return join(root, String(++directories));
}

export function removeDirectories(): void {
  if (root !== undefined) rmSync(root, { recursive: true });
}

/** Where the record of an id is within its directory. */
export function placeOf(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex');
  return join(hash.slice(0, 2), hash.slice(2));
}

/** A directory with one record, `a`, and the path of its file. */
export async function withRecord(): Promise<{
  backend: ManagedBackend;
  record: StoredRecord;
  directory: string;
  path: string;
}> {
  const directory = newDirectory();
  const backend = file(directory);
  const record = await written(backend, 'a', data, { expiresAt });
  return { backend, record, directory, path: join(directory, placeOf('a')) };
}

/** Sets the machine's clock forward, by which locks and left-overs go; the file system's stays. */
export function later(seconds: number): void {
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
}

/** Counts up by compare-and-set, with a backend of its own, so that only the lock is between those who do. */
export async function increment(directory: string): Promise<void> {
  const backend = file(directory);
  for (;;) {
    const record = await backend.get('a');
    const number = (record && parseNumbered(record.data)) ?? 0;
    if (await write(backend, 'a', formatNumbered(number + 1), { expiresAt, over: record ?? null })) return;
  }
}

export async function numberIn(directory: string): Promise<number> {
  const record = await file(directory).get('a');
  return (record && parseNumbered(record.data)) ?? -1;
}
