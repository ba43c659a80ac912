/**
 * A directory of records: `<first 2 digits of the hash of the id>/<the other 62>`. Reads, replaces and walks its files.
 *
 * A file is never written where it is read: it is made whole beside its place and renamed into it, so that whoever reads, and whoever
 * comes after a crash, finds the old record or the new one. The time of modification is when the record expires.
 *
 * Records are read synchronously, as locks are: four system calls on some hundred bytes are done before a thread of the pool would have
 * woken up, and cost this process less. Writing is asynchronous: a file system takes its time for new names, and a disk for everything.
 */

import { closeSync, constants, fstatSync, futimesSync, lstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes, secondsNow } from '../ambient.ts';
import { type FileContent, formatFile, hashId, parseFile } from './format.ts';
import { codeOf, meansAbsent, READ } from './reading.ts';

/** What a crash keeps: 'process' is the process's own end, 'power' the machine's too, for which every change waits for the disk. */
export type Durability = 'process' | 'power';

export interface FoundFile extends FileContent {
  /** Seconds since the epoch, with milliseconds. */
  expiresAt: number;
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
  const hash = hashId(id);
  return join(directory, hash.slice(0, 2), hash.slice(2));
}

/**
 * @param use what to do with the open file while it is certain to be the one that was read.
 * @returns undefined where no whole record of ours is, whatever else may be there; also one that has expired is given.
 */
export function readFile(
  directory: string,
  path: string,
  use?: (found: FoundFile, file: number) => void,
): FoundFile | undefined {
  const file = unlessAbsent(() => openSync(path, READ));
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    const content = stat.isFile() ? parseFile(readBytes(file, stat.size)) : undefined;
    if (content === undefined || placeOf(directory, content.id) !== path) return undefined; // nor one that was moved here
    const found = { ...content, expiresAt: Math.round(stat.mtimeMs) / 1000 };
    use?.(found, file);
    return found;
  } finally {
    closeSync(file);
  }
}

/** A file of ours keeps its length; one that turns out shorter has not the digest of its content. */
function readBytes(file: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  readSync(file, bytes, 0, length, 0);
  return bytes;
}

/** @returns the path of a new file beside `path`, whole, for `replaceFile` or `removeFile`. Folders that are missing are made. */
export async function writeTemporary(
  path: string,
  content: FileContent,
  expiresAt: number,
  durability: Durability,
): Promise<string> {
  const bytes = formatFile(content);
  const temporary = `${path}.${Buffer.from(randomBytes(6)).toString('hex')}.tmp`;
  const file = await createFile(temporary, durability);
  try {
    await file.writeFile(bytes);
    setExpiry(file.fd, expiresAt);
    if (durability === 'power') await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

/** From here on the new record is there, and the old one is not. */
export async function replaceFile(temporary: string, path: string, durability: Durability): Promise<void> {
  await rename(temporary, path);
  if (durability === 'power') await syncFolder(dirname(path));
}

export async function removeFile(path: string, durability: Durability): Promise<void> {
  await rm(path, { force: true });
  if (durability === 'power') await syncFolder(dirname(path));
}

/** utimes alone: the data stay, so that a touch costs no rewrite and cannot tear a record. */
export function setExpiry(file: number, expiresAt: number): void {
  const seconds = Math.max(expiresAt, 0); // Node takes a negative time for now
  futimesSync(file, seconds, seconds);
}

/** The names of all folders that records may be in. */
export const SHARDS: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, at) =>
  at.toString(16).padStart(2, '0'),
);

/** The files that bear a name of ours, in no order. Others are left alone. @param shards which folders to go through. */
export async function* walk(directory: string, shards: readonly string[] = SHARDS): AsyncGenerator<Entry> {
  for (const shard of await namesIn(directory)) {
    if (!shards.includes(shard)) continue;
    for (const name of await namesIn(join(directory, shard))) {
      const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
      if (kind !== undefined) yield { path: join(directory, shard, name), kind };
    }
  }
}

/** @returns undefined where no file is. `expiresAt` as for `readFile`; `age`: seconds since it changed in any way, which nobody can set back. */
export function inspect(path: string): { expiresAt: number; age: number } | undefined {
  const stat = unlessAbsent(() => lstatSync(path));
  if (!stat?.isFile()) return undefined;
  return { expiresAt: Math.round(stat.mtimeMs) / 1000, age: Math.abs(secondsNow() - stat.ctimeMs / 1000) };
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

/** Makes names durable, which fsync of a file does not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // cannot open a folder
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
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
