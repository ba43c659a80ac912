/** A backend in Redis or Valkey, through the caller's own client. One script for each operation that writes, so each is atomic. */

import { randomBytes } from './ambient.ts';
import type { Backend, SetOptions, StoredRecord, Version } from './backend.ts';
import { readClock } from './clock.ts';
import { checkOptions, describe } from './options.ts';
import { createCommands, type Read, type RedisClient, type Run } from './redis/client.ts';
import { decodeBytes, encodeBytes, formatMilliseconds, formatTime, parseTime } from './redis/format.ts';
import { BROWSE, CHECK, DELETE, ENLIST, SET, TOUCH } from './redis/scripts.ts';
import { encodeBase64url } from './text.ts';

export type { IoredisClient, NodeRedisClient, RedisClient } from './redis/client.ts';

/** Options of `redis()`. */
export interface RedisOptions {
  /** Seconds since the epoch, by which records expire. The server removes them by its own clock as well. Default: the machine's clock. */
  now?: () => number;
  /** What all keys start with: a text without braces, which would put all records on one node of a cluster. Default: `sealring:`. */
  prefix?: string;
}

/** What `redis()` gives: a backend that can list. */
export interface RedisBackend extends Backend {
  list(subject: string): AsyncIterable<{ id: string; expiresAt: number }>;
}

/** Records that `list` asks for at a time. */
const BATCH = 100;

/** Seconds for which an index keeps an id beyond its time: the clocks of those who share a server may differ. */
const CLOCKS_DIFFER = 86_400;

/**
 * Keeps each record in a hash, `<prefix>record:<id>`, and lists a subject's ids in a sorted set, `<prefix>subject:<subject>`. One server or
 * a cluster: no script touches more than one key.
 *
 * A call is one round trip, where nothing has to be listed. A live record must not be missing when its subject's sessions are ended, and in
 * a cluster the two keys may lie on two servers; so the index learns of a record first, and of a time twice as far off as its end. That
 * costs `set` with a subject one round trip more where it creates a record, or replaces one without `ifVersion`. With the version of a
 * record, and for `touch`, the record itself knows how long it is listed; only where that is not long enough, about once in a lifetime,
 * it costs two more. Ids of deleted records stay in an index until their time has come. `list` asks for each record, 100 at a time.
 *
 * The server removes what expires, records and indexes, so there is no `prune`; and no `close`: the client stays the caller's.
 *
 * What to set on the server:
 * - `maxmemory-policy noeviction`, else sessions vanish when memory runs out. With it `set` and `touch` fail then, and what is there stays.
 * - `appendonly yes`, else a restart ends all sessions; with `appendfsync always`, else a crash of the machine takes the last second.
 * - A replica that takes over may lack the last acknowledged writes, of an index as well: nobody waits for it (WAIT).
 *
 * What to set on the client, as a call waits for as long as that does:
 * - node-redis: listen, `client.on('error', …)`, or a lost connection ends the process; and `connect()`. While the server is away a call
 *   fails at once with `disableOfflineQueue: true`, else after `commandOptions.timeout`, by default 5 seconds. That does not count for what
 *   has been sent: against a server that falls silent set `socket.socketTimeout`, a shorter `pingInterval`, and `socket.reconnectStrategy`,
 *   as the built-in one closes the client for good after such a timeout.
 * - ioredis, iovalkey: `commandTimeout`, for all. While the server is away a call fails at once with `enableOfflineQueue: false`, else after
 *   `maxRetriesPerRequest`, by default 20, which takes 10 seconds or more. What got no answer is sent again: `set` knows its own write.
 *
 * A call that ends in an error may have been done: the answer got lost.
 *
 * @param client of node-redis, ioredis or iovalkey: a single one, a pool, or a cluster's.
 * @throws {TypeError} on another client, an unknown option, a prefix that is no text or has braces, and a clock that is not a function.
 * @example
 * import { createClient } from 'redis';
 * import { serverStore } from 'sealring';
 * import { redis } from 'sealring/redis';
 * const client = createClient({ url: process.env.REDIS_URL!, disableOfflineQueue: true });
 * client.on('error', (error) => console.error(error)); // the connection was lost; it comes back by itself
 * await client.connect();
 * const store = serverStore({ keys: [process.env.SESSION_KEY!], backend: redis(client) });
 *
 * await client.close(); // when the process ends
 */
export function redis(client: RedisClient, options: RedisOptions = {}): RedisBackend {
  const { run, read } = createCommands(client);
  checkOptions('redis()', options, ['now', 'prefix']);
  const { prefix = 'sealring:' } = options;
  if (typeof prefix !== 'string') throw new TypeError(`"prefix" expected a text, got ${describe(prefix)}`);
  if (/[{}]/.test(prefix)) throw new TypeError('"prefix" expected a text without braces');
  return new RedisHashes(run, read, prefix, readClock(options.now));
}

class RedisHashes implements RedisBackend {
  readonly cas = 'atomic';
  readonly #run: Run;
  readonly #read: Read;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor(run: Run, read: Read, prefix: string, now: () => number) {
    this.#run = run;
    this.#read = read;
    this.#prefix = prefix;
    this.#now = now;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const [data, version, expiry] = await this.#read(this.#keyOf(id), 'd', 'v', 'x');
    if (data === undefined || version === undefined || expiry === undefined) return undefined;
    const expiresAt = parseTime(expiry);
    return expiresAt > this.#now() ? { data: decodeBytes(data), version, expiresAt } : undefined;
  }

  async set(id: string, data: Uint8Array, { expiresAt, ifVersion, subject }: SetOptions): Promise<Version | false> {
    const text = encodeBytes(data); // before anything is waited for: the caller's may change
    const version = encodeBase64url(randomBytes(12));
    const condition = ifVersion === undefined ? '*' : ifVersion === null ? '-' : `=${ifVersion}`;
    const place = subject === undefined ? '' : placeOf(subject);
    const write = async (listed: string) => {
      const times = [formatTime(expiresAt), formatMilliseconds(expiresAt)] as const;
      const now = formatTime(this.#now());
      return (await this.#run(SET, this.#keyOf(id), now, condition, version, text, ...times, place, listed))[0];
    };
    const mayBeListed = place === '' || typeof ifVersion === 'string'; // if it is not, the server says so
    let answer = mayBeListed ? await write('') : 'unlisted';
    if (answer === 'unlisted') answer = await write(await this.#enlist(place, id, expiresAt));
    return answer === 'written' && version;
  }

  async delete(id: string): Promise<boolean> {
    return (await this.#run(DELETE, this.#keyOf(id), formatTime(this.#now()))).length > 0;
  }

  async touch(id: string, expiresAt: number): Promise<boolean> {
    const times = [formatTime(expiresAt), formatMilliseconds(expiresAt)] as const;
    for (let listing = ['', '']; ; ) {
      const [answer, place] = await this.#run(TOUCH, this.#keyOf(id), formatTime(this.#now()), ...times, ...listing);
      if (answer !== 'unlisted' || place === undefined) return answer === 'touched';
      listing = [place, await this.#enlist(place, id, expiresAt)]; // and again if it has changed its subject meanwhile
    }
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const place = placeOf(subject);
    const seen = new Set<string>(); // an index that is rearranged meanwhile may show an id twice
    let cursor = '0';
    do {
      const [next = '0', ...page] = await this.#run(BROWSE, this.#prefix + place, cursor);
      const ids = [...new Set(page)].filter((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      for (let at = 0; at < ids.length; at += BATCH) yield* await this.#check(place, ids.slice(at, at + BATCH));
      cursor = next;
    } while (cursor !== '0');
  }

  /** Which of these are unexpired records of the subject: what stands in an index may long be gone. */
  async #check(place: string, ids: readonly string[]): Promise<{ id: string; expiresAt: number }[]> {
    const now = formatTime(this.#now());
    const expiries = await Promise.all(ids.map((id) => this.#run(CHECK, this.#keyOf(id), now, place)));
    return ids.flatMap((id, at) => {
      const [expiry] = expiries[at] ?? [];
      const expiresAt = expiry === undefined ? -Infinity : parseTime(expiry);
      return expiresAt > this.#now() ? [{ id, expiresAt }] : [];
    });
  }

  /**
   * Lists an id for its lifetime and as long again, so that to prolong it rarely needs another. Nothing takes it off before: between this and
   * the record's own write there is no record, and who cleared up then would make a live one missing. @returns until when.
   */
  async #enlist(place: string, id: string, expiresAt: number): Promise<string> {
    const now = this.#now();
    const until = formatMilliseconds(expiresAt + Math.max(expiresAt - now, 0));
    await this.#run(ENLIST, this.#prefix + place, id, until, formatMilliseconds(now - CLOCKS_DIFFER));
    return until;
  }

  #keyOf(id: string): string {
    return `${this.#prefix}record:${id}`;
  }
}

/** The key of a subject's index without the prefix, as records name it. */
function placeOf(subject: string): string {
  return `subject:${subject}`;
}
