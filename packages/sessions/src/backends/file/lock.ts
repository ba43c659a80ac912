/**
 * Path of a lock file and a change -> whether the change was made, by one holder of the lock at a time, among all processes of this machine.
 *
 * A lock is a file that only its maker could create (O_EXCL), with the maker's name in it. The maker holds it for some system calls, one
 * after the other, synchronously: nothing else of its process comes in between, and it waits for no thread of the pool. A process that is
 * killed leaves the lock behind. The lock is stale once its maker has ended. Only where that cannot be seen, as the maker was on another
 * machine or in another container, the age decides.
 */

import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { randomBytes, secondsNow } from '../../ambient.ts';
import { codeOf } from '../kit/failure.ts';
import { tryFor } from '../kit/patience.ts';
import { READ } from './reading.ts';

/** Seconds, for locks from elsewhere. A lock is held for less than a millisecond. */
const STALE_AFTER = 10;
/** Seconds, for locks without a name: the maker was killed, or stopped, between two system calls. */
const NAMELESS_STALE_AFTER = 1;
/** Seconds to wait for the lock. A holder is in the way for this long only if its process was stopped. */
const PATIENCE = 30;

/**
 * Waits for the lock, then makes the change if `mayChange` says so. Returns whether it did. Neither function may give way.
 *
 * @throws the error of the file system, or one with the code ELOCKED if others held the lock for 30 seconds.
 */
export async function changeUnderLock(path: string, mayChange: () => boolean, change: () => void): Promise<boolean> {
  const isChanged = await tryFor(PATIENCE, () => tryChange(path, mayChange, change));
  if (isChanged !== undefined) return isChanged;
  throw Object.assign(new Error(`The lock ${path} was held by others for ${PATIENCE} seconds`), { code: 'ELOCKED' });
}

/** Returns `undefined` if another holds the lock. */
function tryChange(path: string, mayChange: () => boolean, change: () => void): boolean | undefined {
  const name = createName();
  if (!tryCreate(path, name) && !(removeStaleLock(path) && tryCreate(path, name))) return undefined;
  try {
    if (!mayChange()) return false;
    if (look(path)?.name !== name) return undefined; // this process was stopped for so long that another machine took over
    change();
    return true;
  } finally {
    release(path, name);
  }
}

/**
 * Removes the lock if it is stale. Returns whether the lock may be free now.
 *
 * Two who find the same stale lock must not both remove it: the second would remove the lock that the first has made since. So to remove
 * one takes a claim, which is a lock on the removal of exactly that lock, and a second look under the claim.
 */
export function removeStaleLock(path: string): boolean {
  const lock = look(path);
  if (lock === undefined) return true;
  if (!isStale(lock)) return false;
  const claim = `${path}.${lock.mark}`;
  const name = createName();
  if (!tryCreate(claim, name)) return removeStaleLock(claim); // its maker may have been killed as well
  if (look(path)?.mark === lock.mark) rmSync(path, { force: true });
  release(claim, name);
  return true;
}

/** What is at the path of a lock. */
interface Found {
  /** The maker's name, or nothing if the maker has not come to write it. */
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
  const [, place, pid, start = ''] = name.split(' ');
  return place === placeOfProcesses() ? !isRunning(Number(pid), start) : age > STALE_AFTER;
}

function isRunning(pid: number, start: string): boolean {
  const found = startOf(pid);
  if (found !== undefined && start !== '') return found === start;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH'; // EPERM: another user's
  }
}

/**
 * Returns when the process began, which tells it from a later one of the same id: in a container that starts again the ids are the same.
 * Returns '' for a process that has ended but is still listed, and `undefined` if there is none, or if this system does not say.
 */
function startOf(pid: number | 'self'): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // proc_pid_stat(5), from the third field on
    return fields[0] === 'Z' ? '' : fields[19];
  } catch {
    return undefined;
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

/** `<12 hexadecimal digits> <where the process id counts> <process id> <start of the process>` */
function createName(): string {
  own ??= `${placeOfProcesses()} ${process.pid} ${startOf('self') ?? ''}`;
  return `${Buffer.from(randomBytes(6)).toString('hex')} ${own}`;
}

let own: string | undefined;

/** A process id means nothing outside of its machine and its container. */
function placeOfProcesses(): string {
  place ??= encodeURIComponent(`${hostname()}/${linkAt('/proc/self/ns/pid')}`);
  return place;
}

let place: string | undefined;

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // not Linux
  }
}
