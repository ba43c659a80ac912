/**
 * A directory of records: `<first 2 digits of the hash of the id>/<the other 62>`. Reads them, writes new ones beside them, goes through them.
 *
 * A file is never written in place: a new one is made whole beside it and then renamed over it, so that a reader, and whoever comes
 * after a crash, finds the old record or the new one. The time of modification is the expiry.
 *
 * Records are read synchronously: four system calls on some hundred bytes are done before a thread of the pool would have woken up.
 * New files are written asynchronously: a file system may take its time for a new name, and a disk for everything.
 */

import { closeSync, constants, fstatSync, futimesSync, lstatSync, openSync, readSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes, secondsNow } from '../../ambient.ts';
import { nameOf } from '../../text.ts';
import type { Durability } from '../kit/durability.ts';
import { codeOf } from '../kit/failure.ts';
import type { Row } from '../kit/rows.ts';
import { formatFile, parseFile } from './format.ts';
import { meansAbsent, READ } from './reading.ts';

export interface FoundFile extends Row {
  id: string;
}

export interface Entry {
  path: string;
  kind: 'record' | 'temporary' | 'lock';
}

const KINDS: readonly [Entry['kind'], RegExp][] = [
  ['record', /^[0-9a-f]{62}$/],
  ['temporary', /^[0-9a-f]{62}\.[0-9a-f]{12}\.tmp$/],
  ['lock', /^[0-9a-f]{62}\.lock[\w.-]*$/], // and claims to remove one
];

export function placeOf(directory: string, id: string): string {
  const name = nameOf(id);
  return join(directory, name.slice(0, 2), name.slice(2));
}

/** Returns the record, which may have expired, or `undefined` if there is no whole record of ours, whatever else may be there. */
export function readFile(directory: string, path: string): FoundFile | undefined {
  const file = unlessAbsent(() => openSync(path, READ));
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    const content = stat.isFile() ? parseFile(readBytes(file, stat.size)) : undefined;
    if (content === undefined || placeOf(directory, content.id) !== path) return undefined; // nor one that was moved here
    return { ...content, expiresAt: expiryOf(stat) };
  } finally {
    closeSync(file);
  }
}

/** A file of ours keeps its length. One that turns out shorter does not have the digest of its content. */
function readBytes(file: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, 0);
  return bytes;
}

/** Writes a new file beside `path`, to be renamed to it, and returns its path. Makes missing folders. */
export async function writeTemporary(path: string, id: string, row: Row, durability: Durability): Promise<string> {
  const bytes = formatFile({ id, ...row });
  const temporary = `${path}.${Buffer.from(randomBytes(6)).toString('hex')}.tmp`;
  const file = await createFile(temporary, durability);
  try {
    await file.writeFile(bytes);
    const expiresAt = Math.max(row.expiresAt, 0); // Node takes a negative time for now
    futimesSync(file.fd, expiresAt, expiresAt);
    if (durability === 'power') await file.sync();
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

/** Returns the names of the folders that records are in. */
export async function shardsOf(directory: string): Promise<string[]> {
  return (await namesIn(directory)).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

/** The files of a folder that have a name of ours, in no order. Others are left alone. */
export async function* filesIn(directory: string, shard: string): AsyncGenerator<Entry> {
  for (const name of await namesIn(join(directory, shard))) {
    const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
    if (kind !== undefined) yield { path: join(directory, shard, name), kind };
  }
}

/** Returns the expiry of the file, and its age: the seconds since it changed in any way, which nobody can set back. */
export function inspect(path: string): { expiresAt: number; age: number } | undefined {
  const stat = unlessAbsent(() => lstatSync(path));
  if (!stat?.isFile()) return undefined;
  return { expiresAt: expiryOf(stat), age: Math.abs(secondsNow() - stat.ctimeMs / 1000) };
}

/** Makes names durable, which fsync of a file does not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // cannot open a folder
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function createFile(path: string, durability: Durability): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const shard = dirname(path);
  await mkdir(shard, { recursive: true, mode: 0o700 });
  if (durability === 'power') await syncFolder(dirname(shard));
  return await open(path, 'wx', 0o600);
}

function expiryOf({ mtimeMs }: { mtimeMs: number }): number {
  return Math.round(mtimeMs) / 1000;
}

async function namesIn(path: string): Promise<string[]> {
  return (await readdir(path).catch(absentAsUndefined)) ?? [];
}

function unlessAbsent<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    return absentAsUndefined(error);
  }
}

function absentAsUndefined(error: unknown): undefined {
  if (!meansAbsent(error)) throw error;
}
