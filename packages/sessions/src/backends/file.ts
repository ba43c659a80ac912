/** A backend in a directory of one machine: every record is a file, safe against crashes and between processes. Node, Deno and Bun. */

import { renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkOptions, describe } from '../options.ts';
import type { ManagedBackend, MaybePromise, StoredRecord } from './backend.ts';
import {
  type Entry,
  filesIn,
  inspect,
  placeOf,
  readFile,
  shardsOf,
  syncFolder,
  writeTemporary,
} from './file/directory.ts';
import { changeUnderLock, removeStaleLock } from './file/lock.ts';
import { type Clock, readClock } from './kit/clock.ts';
import { type Durability, readDurability } from './kit/durability.ts';
import { wait } from './kit/patience.ts';
import { backendOf, type Row, type Rows } from './kit/rows.ts';

export type { Durability } from './kit/durability.ts';

/** Options of `file()`. */
export interface FileOptions {
  /** Returns seconds since the epoch, by which records expire. Default: the machine's clock. Locks always go by the machine's clock. */
  now?: () => number;
  /**
   * What an acknowledged write or delete survives. Default 'process': the end of the process, however it ends. 'power': also the end of the
   * machine; every write and delete then waits for the disk.
   */
  durability?: Durability;
}

/** Reads after which others get a turn: reading is synchronous, so that a loop of reads would let nothing else happen. */
const GIVE_WAY_EVERY = 32;

/** Seconds after which a temporary file or a lock is taken for one that a killed process has left. */
const LEFT_OVER_AFTER = 60;

/**
 * Keeps each record in a file of its own, mode 0600, named by a hash of the id, in 256 folders of mode 0700. The directory is made at
 * the first write. It must be on a local disk: network file systems do not promise enough about locks and renames. Processes in several
 * containers may share it, but cannot see whether another's process still runs. There a lock counts as left behind after 10 seconds.
 *
 * Whatever is not a whole record of ours counts as absent. Expired records, and what killed processes left, are removed in passing: after
 * every 64th write of a process one of the folders is swept in the background, an hour after the records have expired. `prune`
 * sweeps all folders at once. `prune` and `list` go through the whole directory, and `list` reads every record: with more than some
 * thousands of records a database does better.
 *
 * @param directory used for nothing else. A relative path is resolved when `file` is called.
 * @throws {TypeError} if the directory is not a string, on an unknown option, and if `now` is not a function.
 * @throws {RangeError} on another durability.
 * @example
 * import { serverStore } from 'sealring';
 * import { file } from 'sealring/file';
 * const backend = file('./sessions'); // made at the first write
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function file(directory: string, options: FileOptions = {}): ManagedBackend {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new TypeError(`"directory" expected the path of a directory, got ${describe(directory)}`);
  }
  const given = checkOptions('file()', options, ['now', 'durability']);
  const durability = readDurability(given.durability);
  const now = readClock(given.now);
  const path = resolve(directory);
  return backendOf(new FileRows(path, durability), { cas: 'atomic', now, where: `the directory ${path}` });
}

class FileRows implements Rows {
  readonly #directory: string;
  readonly #durability: Durability;
  #reads = 0;

  constructor(directory: string, durability: Durability) {
    this.#directory = directory;
    this.#durability = durability;
  }

  read(id: string): MaybePromise<StoredRecord | undefined> {
    const read = () => {
      const found = this.#find(placeOf(this.#directory, id));
      return found && { data: found.data, version: found.version, expiresAt: found.expiresAt };
    };
    return ++this.#reads % GIVE_WAY_EVERY === 0 ? wait(0).then(read) : read();
  }

  async write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): Promise<boolean> {
    const path = placeOf(this.#directory, id);
    const mayWrite = () => over === undefined || this.#find(path, now)?.version === over?.version;
    const temporary = await writeTemporary(path, id, row, this.#durability); // may take long, so before the lock
    let isWritten = false;
    try {
      isWritten = await changeUnderLock(`${path}.lock`, mayWrite, () => renameSync(temporary, path));
    } finally {
      if (!isWritten) rmSync(temporary, { force: true });
    }
    if (isWritten) await this.#keep(path);
    return isWritten;
  }

  async remove(id: string, now: Clock): Promise<boolean> {
    const path = placeOf(this.#directory, id);
    return await this.#remove(path, () => this.#find(path, now) !== undefined);
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    for (const shard of await shardsOf(this.#directory)) {
      for await (const { path, kind } of filesIn(this.#directory, shard)) {
        const found = kind === 'record' ? this.#find(path) : undefined;
        if (found?.subject === subject) yield { id: found.id, expiresAt: found.expiresAt };
      }
    }
  }

  /** A folder is a step. Processes that share the directory start anywhere. */
  async *removeExpired(now: Clock): AsyncGenerator<number> {
    const shards = await shardsOf(this.#directory);
    const first = Math.floor(Math.random() * shards.length);
    for (const shard of [...shards.slice(first), ...shards.slice(0, first)]) {
      let removed = 0;
      for await (const entry of filesIn(this.#directory, shard)) removed += Number(await this.#prune(entry, now));
      yield removed;
    }
  }

  /** Returns whether it was a record that has expired. */
  async #prune({ path, kind }: Entry, now: Clock): Promise<boolean> {
    if (kind === 'record') return await this.#remove(path, () => (inspect(path)?.expiresAt ?? Infinity) <= now());
    if ((inspect(path)?.age ?? 0) <= LEFT_OVER_AFTER) return false;
    if (kind === 'temporary') rmSync(path, { force: true });
    else while (removeStaleLock(path) && inspect(path)); // a claim to remove it may have been left as well
    return false;
  }

  async #remove(path: string, mayRemove: () => boolean): Promise<boolean> {
    if (!mayRemove()) return false; // without a lock, for which there may not even be a folder
    const isRemoved = await changeUnderLock(`${path}.lock`, mayRemove, () => rmSync(path));
    if (isRemoved) await this.#keep(path);
    return isRemoved;
  }

  async #keep(path: string): Promise<void> {
    if (this.#durability === 'power') await syncFolder(dirname(path));
  }

  /** @param now leaves out a record that has expired. */
  #find(path: string, now: Clock = () => -Infinity): ReturnType<typeof readFile> {
    const found = readFile(this.#directory, path);
    return found !== undefined && found.expiresAt > now() ? found : undefined;
  }
}
