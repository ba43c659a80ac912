/** A backend in Redis or Valkey, through the caller's own client. */

import { checkOptions, describe } from '../options.ts';
import type { MaybePromise, StoredRecord } from './backend.ts';
import { type Clock, readClock } from './kit/clock.ts';
import { backendOf, type ClosableBackend, type Row, type Rows } from './kit/rows.ts';
import { createSend, explainRedis, type RedisClient, readBytes, readList, run, type Send } from './redis/client.ts';
import { formatRow, lineLength, parseHead, placeOf, RedisRecord } from './redis/format.ts';
import { ENLIST } from './redis/scripts.ts';
import { type Replacement, Swapper } from './redis/swap.ts';

export type {
  IoredisClient,
  NodeRedisClient,
  NodeRedisCluster,
  NodeRedisSentinel,
  RedisClient,
} from './redis/client.ts';

/** Options of `redis()`. */
export interface RedisOptions {
  /** Seconds since the epoch, by which records expire. The server removes them later, by its own clock. Default: the machine's clock. */
  now?: () => number;
  /** What all keys start with: a string without braces, which would put all records on one node of a cluster. Default: `sealring:`. */
  prefix?: string;
}

/**
 * Seconds for which the server keeps what has expired. A record is not lost before its time if the server's clock is ahead by less than this,
 * and stays listed for those whose clock is behind.
 */
const CLOCKS_DIFFER = 300;

/** Milliseconds since the epoch: the last that a Date knows, which stands for never. */
const FOREVER = 8_640_000_000_000_000;

/**
 * Keeps each record as one string, `<prefix>record:<id>`, and lists a subject's ids in a sorted set, `<prefix>subject:<subject>`. Works with
 * Redis from 6.2 and with Valkey, one server or a cluster: no command touches more than one key.
 *
 * A call is one round trip. Replacing a record takes a script, or `SET … IFEQ` from Redis 8.4 and Valkey 8.1 on. A record that gets a subject
 * is listed beside its own write; its next write lists it once more, for twice its lifetime, and from then on the record itself says until when
 * it is listed. Ids of deleted records stay in an index until their time has come. `list` looks at each record.
 *
 * The server removes what has expired, five minutes later, so there is no `prune`. The client stays yours: `close` leaves it open.
 *
 * What to set on the server:
 * - `maxmemory-policy noeviction`, or sessions vanish when memory runs out. With it, `set` fails then and what is there stays.
 * - `appendonly yes`, or a restart ends all sessions; with `appendfsync always`, or a crash of the machine takes the last second.
 * - A replica that takes over may lack the last acknowledged writes, of an index as well: nobody waits for it (WAIT). Do not read from replicas
 *   (`scaleReads` of ioredis): they answer with what a session was a moment ago, also after a logout.
 *
 * What to set on the client, as a call waits for as long as the client does:
 * - node-redis: listen, `client.on('error', …)`, or a lost connection ends the process; and `connect()`. While the server is away a call
 *   fails at once with `disableOfflineQueue: true`, otherwise after `commandOptions.timeout`, by default 5 seconds. That does not count for what
 *   has been sent: against a server that falls silent set `socket.socketTimeout`, a shorter `pingInterval`, and `socket.reconnectStrategy`,
 *   as the built-in one closes the client for good after such a timeout.
 * - ioredis, iovalkey: `commandTimeout`, for all. While the server is away a call fails at once with `enableOfflineQueue: false`, otherwise after
 *   `maxRetriesPerRequest`, by default 20, which takes 10 seconds or more. What got no answer is sent again; a `set` with `over` that was done
 *   the first time then returns false. Stores know their own writes by the version.
 *
 * A call that ends in an error may have been done: the answer got lost.
 *
 * @param client of node-redis from 4, ioredis from 5, or iovalkey: a single one, a pool, or a cluster's. It may connect later.
 * @throws {TypeError} on a client that cannot work, an unknown option, a prefix that is not a string or has braces, and a clock that is not a
 *   function.
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
export function redis(client: RedisClient, options: RedisOptions = {}): ClosableBackend {
  const send = createSend(client);
  const given = checkOptions('redis()', options, ['now', 'prefix']);
  const { prefix = 'sealring:' } = given;
  if (typeof prefix !== 'string') throw new TypeError(`"prefix" expected a string, got ${describe(prefix)}`);
  if (/[{}]/.test(prefix)) throw new TypeError('"prefix" expected a string without braces');
  const settings = { cas: 'atomic', now: readClock(given.now), where: 'Redis', explain: explainRedis } as const;
  return backendOf(new RedisRows(send, prefix), settings);
}

class RedisRows implements Rows {
  readonly #send: Send;
  readonly #prefix: string;
  readonly #swapper: Swapper;

  constructor(send: Send, prefix: string) {
    this.#send = send;
    this.#prefix = prefix;
    this.#swapper = new Swapper(send, `${prefix}probe`);
  }

  read(id: string): Promise<RedisRecord | undefined> {
    return this.#read(this.#keyOf(id));
  }

  write(id: string, row: Row, over: StoredRecord | null | undefined, now: Clock): MaybePromise<boolean> {
    if (over && over.expiresAt <= now()) return false;
    const { subject, expiresAt } = row;
    if (subject === undefined) return this.#put(id, row, 0, over, now);
    const listing = over ? RedisRecord.listingOf(over) : undefined;
    if (listing?.place !== placeOf(subject)) return this.#putAndEnlist(id, row, subject, over, now);
    if (listing.until >= expiresAt) return this.#put(id, row, listing.until, over, now);
    return this.#enlist(subject, id, expiresAt, now).then((until) => this.#put(id, row, until, over, now));
  }

  async remove(id: string, now: Clock): Promise<boolean> {
    const key = this.#keyOf(id);
    const removed = readBytes(await this.#send(key, ['getdel', key]));
    return removed !== undefined && new RedisRecord(removed).expiresAt > now();
  }

  async *list(subject: string): AsyncGenerator<{ id: string; expiresAt: number }> {
    const key = this.#indexOf(subject);
    const seen = new Set<string>(); // an index that is rearranged meanwhile may show an id twice
    let cursor = '0';
    do {
      const [next, page] = readList(await this.#send(key, ['zscan', key, cursor, 'count', '100']));
      const ids = readList(page).flatMap((entry, at) => (at % 2 === 0 ? [String(readBytes(entry))] : []));
      const unseen = [...new Set(ids)].filter((id) => !seen.has(id));
      for (const id of unseen) seen.add(id);
      const found = await Promise.all(unseen.map((id) => this.#find(id, placeOf(subject))));
      for (const entry of found) if (entry !== undefined) yield entry;
      cursor = String(readBytes(next) ?? '0');
    } while (cursor !== '0');
  }

  /** What stands in an index may be gone, or another subject's by now. Returns a record that is the subject's. */
  async #find(id: string, place: string): Promise<{ id: string; expiresAt: number } | undefined> {
    const key = this.#keyOf(id);
    const start = readBytes(await this.#send(key, ['getrange', key, '0', String(lineLength(place))]));
    const head = start && parseHead(start);
    return head?.listing?.place === place ? { id, expiresAt: head.expiresAt } : undefined;
  }

  /** Side by side. Whoever reads the record cannot know whether the other half was done, so it does not say that it is listed. */
  async #putAndEnlist(id: string, row: Row, subject: string, over: StoredRecord | null | undefined, now: Clock) {
    const [isWritten] = await Promise.all([
      this.#put(id, row, 0, over, now),
      this.#enlist(subject, id, row.expiresAt, now),
    ]);
    return isWritten;
  }

  #put(id: string, row: Row, listedUntil: number, over: StoredRecord | null | undefined, now: Clock) {
    const key = this.#keyOf(id);
    const isEndless = row.expiresAt >= FOREVER / 1_000;
    const record: Replacement = {
      value: formatRow(row, listedUntil),
      expiry: isEndless ? [] : ['pxat', formatMilliseconds(row.expiresAt + CLOCKS_DIFFER)],
    };
    if (over) return this.#swapper.replace(key, over, record);
    if (over === null) return this.#create(key, record, now);
    return this.#send(key, ['set', key, record.value, ...record.expiry]).then(() => true);
  }

  async #create(key: string, record: Replacement, now: Clock): Promise<boolean> {
    for (;;) {
      if ((await this.#send(key, ['set', key, record.value, ...record.expiry, 'nx'])) !== null) return true;
      const there = await this.#read(key);
      if (there !== undefined && there.expiresAt > now()) return false;
      if (there !== undefined && (await this.#swapper.replace(key, there, record))) return true;
    }
  }

  /** Lists an id for its lifetime and as long again, so that a renewal rarely needs another. Returns until when. */
  async #enlist(subject: string, id: string, expiresAt: number, now: Clock): Promise<number> {
    const key = this.#indexOf(subject);
    const time = now();
    const until = expiresAt + Math.max(expiresAt - time, 0);
    const [listed, old] = [until, time - CLOCKS_DIFFER].map(formatMilliseconds);
    await run(this.#send, ENLIST, key, id, listed ?? '', old ?? '', String(CLOCKS_DIFFER * 1_000));
    return until;
  }

  #read(key: string): Promise<RedisRecord | undefined> {
    return this.#send(key, ['get', key]).then(readRecord);
  }

  #keyOf(id: string): string {
    return `${this.#prefix}record:${id}`;
  }

  #indexOf(subject: string): string {
    return `${this.#prefix}subject:${subject}`;
  }
}

function readRecord(answer: unknown): RedisRecord | undefined {
  const stored = readBytes(answer);
  return stored && new RedisRecord(stored);
}

/** Seconds since the epoch -> milliseconds as the server takes them, rounded up: from 1, which is long ago, to `FOREVER`. */
function formatMilliseconds(seconds: number): string {
  return String(seconds > 0 ? Math.min(Math.ceil(seconds * 1_000), FOREVER) : 1);
}
