/** A backend in a directory of one machine: every record a file, safe against crashes and between processes. Node, Deno and Bun. */

import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Backend, SetOptions, StoredRecord, Version } from './backend.ts';
import { readClock } from './clock.ts';
import { SessionError } from './error.ts';
import type { Durability, FoundFile } from './file/directory.ts';
import {
  inspect,
  placeOf,
  readFile,
  removeFile,
  replaceFile,
  SHARDS,
  setExpiry,
  walk,
  writeTemporary,
} from './file/directory.ts';
import { createVersion, hashSubject, isEqual } from './file/format.ts';
import { acquireLock, removeStaleLock } from './file/lock.ts';
import { codeOf } from './file/reading.ts';
import { checkOptions, describe } from './options.ts';
import { createQueue } from './queue.ts';

/** Options of `file()`. */
export interface FileOptions {
  /** Seconds since the epoch, by which records expire. Default: the machine's clock. Locks and left-overs go by that one always. */
  now?: () => number;
  /**
   * What a crash keeps of the writes that were acknowledged. Default 'process': all of them when the process ends in whatever way.
   * 'power': all of them when the machine ends too; every write and delete then waits for the disk. Of a `touch` power may take the effect.
   */
  durability?: Durability;
}

/** Writes after which one more of the 256 folders is swept. */
const SWEEP_EVERY = 64;

/** Reads after which others get a turn: as reading is synchronous, who reads in a loop would let nobody else do anything. */
const GIVE_WAY_EVERY = 32;

/** Seconds after which nobody can still be at work on a temporary file or a lock. */
const LEFT_OVER_AFTER = 60;

/**
 * Keeps each record in a file of its own, mode 0600, named by a hash of the id, in 256 folders of mode 0700. The directory is made at
 * the first write. For a local disk: what network file systems promise of locks and renames is not enough.
 *
 * Whatever is not a whole record of ours counts as absent. Expired records, and what killed processes left, are removed in passing: after
 * every 64th write of a process one of the folders is swept, in the background, so that all have had their turn after 16,384. `prune`
 * sweeps all at once. It and `list` go through the whole directory, and `list` reads every record; where there are more than some
 * thousands, a database does better.
 *
 * @param directory used for nothing else. Relative to the working directory of this moment.
 * @throws {TypeError} on a directory that is no text, an unknown option, and a clock that is not a function.
 * @throws {RangeError} on another durability.
 * @example
 * import { serverStore } from 'sealring';
 * import { file } from 'sealring/file';
 * const backend = file('./sessions'); // made at the first write
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend });
 */
export function file(directory: string, options: FileOptions = {}): Backend {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new TypeError(`"directory" expected the path of a directory, got ${describe(directory)}`);
  }
  checkOptions('file()', options, ['now', 'durability']);
  const { durability = 'process' } = options;
  if (durability !== 'process' && durability !== 'power') {
    throw new RangeError(`"durability" expected 'process' or 'power', got ${describe(durability)}`);
  }
  return new FileBackend(resolve(directory), readClock(options.now), durability);
}

class FileBackend implements Backend {
  readonly cas = 'atomic';
  readonly #directory: string;
  readonly #now: () => number;
  readonly #durability: Durability;
  /** Before the lock, so that the requests of one process take turns in order and do not wait by trying. */
  readonly #queue = createQueue();
  #reads = 0;
  #writes = 0;
  /** Which folder is swept next. Processes that share the directory start anywhere. */
  #shard: number = Math.floor(Math.random() * SHARDS.length);
  #sweep: Promise<unknown> | undefined;

  constructor(directory: string, now: () => number, durability: Durability) {
    this.#directory = directory;
    this.#now = now;
    this.#durability = durability;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    if (++this.#reads % GIVE_WAY_EVERY === 0) await nextTurn();
    const found = await this.#try('read', async () => this.#find(this.#placeOf(id)));
    return found && { data: found.data, version: found.version, expiresAt: found.expiresAt };
  }

  async set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Promise<Version | false> {
    const version = createVersion();
    const content = { id, version, subject: hashSubject(subject), data: new Uint8Array(data) }; // the caller's may change meanwhile
    const path = this.#placeOf(id);
    const write = async () => {
      const temporary = await writeTemporary(path, content, expiresAt, this.#durability); // takes its time, so before the lock
      const mayWrite = () => ifVersion === undefined || (this.#find(path)?.version ?? null) === ifVersion;
      let isWritten = false;
      try {
        isWritten = await this.#change(path, mayWrite, () => replaceFile(temporary, path, this.#durability));
      } finally {
        if (!isWritten) await removeFile(temporary, 'process');
      }
      return isWritten;
    };
    const isWritten = await this.#try('write', () => this.#queue(path, write));
    if (isWritten && ++this.#writes % SWEEP_EVERY === 0) this.#sweepNext();
    return isWritten && version;
  }

  async delete(id: string): Promise<boolean> {
    const path = this.#placeOf(id);
    const isThere = () => this.#find(path) !== undefined;
    return await this.#try('delete', () => this.#queue(path, () => this.#remove(path, isThere)));
  }

  /** Without the lock: what it changes is the file that it has read, not one that has come in its place. */
  async touch(id: string, expiresAt: number): Promise<boolean> {
    const touchFile = async () => this.#find(this.#placeOf(id), (opened) => setExpiry(opened, expiresAt));
    return (await this.#try('touch', touchFile)) !== undefined;
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const wanted = hashSubject(subject);
    try {
      for await (const { path, kind } of walk(this.#directory)) {
        const found = kind === 'record' ? this.#find(path) : undefined;
        if (found && isEqual(found.subject, wanted)) yield { id: found.id, expiresAt: found.expiresAt };
      }
    } catch (cause) {
      throw this.#fault('list', cause);
    }
  }

  async prune(): Promise<number> {
    return await this.#try('prune', () => this.#prune(SHARDS));
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#sweep;
  }

  /** Nobody waits for it, and nobody is told of a failure: `prune` says what is wrong, and the next round tries again. */
  #sweepNext(): void {
    if (this.#sweep !== undefined) return;
    const shards = SHARDS.slice(this.#shard, this.#shard + 1);
    this.#shard = (this.#shard + 1) % SHARDS.length;
    const finish = () => (this.#sweep = undefined);
    this.#sweep = this.#prune(shards).then(finish, finish);
  }

  async #prune(shards: readonly string[]): Promise<number> {
    let pruned = 0;
    for await (const { path, kind } of walk(this.#directory, shards)) {
      if (kind === 'record') pruned += Number(await this.#pruneRecord(path));
      else await pruneLeftOver(path, kind);
    }
    return pruned;
  }

  #placeOf(id: string): string {
    return placeOf(this.#directory, id);
  }

  /** The unexpired record at the path, after `use` of its open file. */
  #find(path: string, use?: (opened: number) => void): FoundFile | undefined {
    const isAlive = (found: FoundFile) => found.expiresAt > this.#now();
    const found = readFile(this.#directory, path, (read, opened) => {
      if (isAlive(read)) use?.(opened);
    });
    return found && isAlive(found) ? found : undefined;
  }

  /** Under the lock: makes the change if it may be made. @returns whether it was. */
  async #change(path: string, mayChange: () => boolean, change: () => Promise<void>): Promise<boolean> {
    for (;;) {
      const lock = await acquireLock(`${path}.lock`);
      try {
        if (!mayChange()) return false;
        if (!lock.isHeld()) continue; // this process was stopped for so long that another has taken over: look again
        await change();
        return true;
      } finally {
        lock.release();
      }
    }
  }

  async #remove(path: string, mayRemove: () => boolean): Promise<boolean> {
    if (!mayRemove()) return false; // without a lock, for which there may not even be a folder
    return await this.#change(path, mayRemove, () => removeFile(path, this.#durability));
  }

  /** A record may be written anew at any moment, so it is looked at again under the lock. */
  async #pruneRecord(path: string): Promise<boolean> {
    const isExpired = () => (inspect(path)?.expiresAt ?? Infinity) <= this.#now();
    return await this.#queue(path, () => this.#remove(path, isExpired));
  }

  async #try<Result>(verb: string, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (cause) {
      throw this.#fault(verb, cause);
    }
  }

  #fault(verb: string, cause: unknown): SessionError {
    const reason = codeOf(cause) ?? 'see its cause';
    const message = `Cannot ${verb} sessions in the directory ${this.#directory}: ${reason}`;
    return new SessionError('ERR_SESSION_BACKEND', message, { cause });
  }
}

async function pruneLeftOver(path: string, kind: 'temporary' | 'lock'): Promise<void> {
  const found = inspect(path);
  if (found === undefined || found.age <= LEFT_OVER_AFTER) return;
  if (kind === 'temporary') return await removeFile(path, 'process');
  while (removeStaleLock(path) && inspect(path)); // a claim to remove it may have been left as well
}
