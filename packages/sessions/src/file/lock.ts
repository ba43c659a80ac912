/**
 * Path of a lock file -> the lock, which one holder at a time has, among all processes of this machine and all threads of each.
 *
 * A lock is a file that only its maker could create (O_EXCL), with the maker's name in it. Whoever is killed leaves one behind: it is
 * stale when its maker no longer runs, or when it is so old that no holder can be at work. Lock files are made, read and removed
 * synchronously: each is a few system calls on some bytes, and nothing of this process comes between a lock and its maker's name.
 */

import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { randomBytes, secondsNow } from '../ambient.ts';
import { codeOf, READ } from './reading.ts';

/** Seconds. A lock is held while one small file is read and another renamed, for milliseconds. */
const STALE_AFTER = 10;
/** Seconds. Of a lock without a name: its maker was killed, or stopped, between two system calls. */
const NAMELESS_STALE_AFTER = 1;
/** Seconds, after which waiting is given up: longer than any one holder can be in the way. */
const PATIENCE = 30;
/** Milliseconds between two tries. */
const MOST_WAIT = 16;

export interface Lock {
  /** Whether it still is ours: a holder that was stopped for too long finds its lock taken over, and must not write. */
  isHeld(): boolean;
  release(): void;
}

/** Waits for the lock, and takes over a stale one. @throws the error of the file system, or that the lock stayed held for 30 seconds. */
export async function acquireLock(path: string): Promise<Lock> {
  const giveUpAt = secondsNow() + PATIENCE;
  for (let attempt = 0; ; attempt++) {
    const name = createName();
    if (tryCreate(path, name)) return { isHeld: () => look(path)?.name === name, release: () => release(path, name) };
    if (secondsNow() > giveUpAt) throw new Error(`Cannot lock ${path}: held by others for ${PATIENCE} seconds`);
    if (!removeStaleLock(path)) await wait(Math.random() * Math.min(2 ** attempt, MOST_WAIT));
  }
}

/**
 * Two who find the same stale lock must not both remove it: the second would remove the lock that the first has made since. So it
 * takes a claim to remove one, a lock on the removal of that very lock and no other, and a second look under the claim.
 *
 * @returns whether it is worth while to try again at once.
 */
export function removeStaleLock(path: string): boolean {
  const lock = look(path);
  if (lock === undefined) return true;
  if (!isStale(lock)) return false;
  const claim = `${path}.${lock.mark}`;
  const name = createName();
  if (!tryCreate(claim, name)) return removeStaleLock(claim); // whose maker may have been killed as well
  if (look(path)?.mark === lock.mark) rmSync(path, { force: true });
  release(claim, name);
  return true;
}

/** What is at the path of a lock. */
interface Found {
  /** The maker's name, or nothing where the maker has not come to write it. */
  name: string;
  /** Differs between any two locks. */
  mark: string;
  /** Seconds since it changed last, by the clock of the file system. */
  age: number;
}

function look(path: string): Found | undefined {
  const file = tryOpen(path);
  if (file === undefined) return undefined;
  try {
    const { ino, ctimeMs } = fstatSync(file); // of the file that is read: another may have come to the path since
    const name = readFileSync(file, 'latin1');
    const mark = /^[0-9a-f]{12} /.test(name) ? name.slice(0, 12) : `${ino.toString(36)}-${ctimeMs}`;
    return { name, mark, age: Math.abs(secondsNow() - ctimeMs / 1000) }; // from the future it may be as old as from the past
  } finally {
    closeSync(file);
  }
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, READ);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isStale({ name, age }: Found): boolean {
  if (name === '') return age > NAMELESS_STALE_AFTER;
  const [, place, pid] = name.split(' ');
  return age > STALE_AFTER || (place === placeOfProcesses() && !isRunning(Number(pid)));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH'; // EPERM: another user's
  }
}

function tryCreate(path: string, name: string): boolean {
  try {
    writeFileSync(path, name, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function release(path: string, name: string): void {
  if (look(path)?.name === name) rmSync(path, { force: true });
}

/** `<12 hexadecimal digits> <where the process id counts> <process id>` */
function createName(): string {
  return `${Buffer.from(randomBytes(6)).toString('hex')} ${placeOfProcesses()} ${process.pid}`;
}

/** A process id says nothing outside its machine, and its container: there only the age counts. */
function placeOfProcesses(): string {
  place ??= encodeURIComponent(`${hostname()}/${namespaceOfProcesses()}`);
  return place;
}

let place: string | undefined;

function namespaceOfProcesses(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return ''; // not Linux
  }
}
