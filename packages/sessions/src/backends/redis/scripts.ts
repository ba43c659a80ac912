/** What the server does in one step, in Lua. A script touches one key, so it runs in any cluster. */

export interface Script {
  readonly source: string;
  /** Of the source: 40 hexadecimal digits. With another one the script still runs, but is sent as a whole each time. */
  readonly sha1: string;
}

/**
 * Key: a record. `the version that must be there and a space, the new record, words of SET that say when the server may remove it` -> 1 if the
 * new record is there now, else 0.
 */
export const REPLACE: Script = {
  source: `if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], unpack(ARGV, 3))
return 1`,
  sha1: 'a7cecbb88c5aac73b7c0efd40bd887e9200f6531',
};

/**
 * Key: the index of a subject, a sorted set of ids by when they may be dropped. `id, until when it is to be listed, until when others may be
 * dropped, how much longer the server keeps the index`, all in milliseconds. What is listed for longer stays so. Drops at most 100 others, which
 * is more than comes in. If memory has run out, the first command fails and nothing has changed.
 */
export const ENLIST: Script = {
  source: `redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, 100)
if #old > 0 then redis.call('ZREM', KEYS[1], unpack(old)) end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
if not last then return 1 end
if tonumber(last) >= 8640000000000000 then redis.call('PERSIST', KEYS[1])
else redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last + ARGV[4])) end
return 1`,
  sha1: 'dc6e9dbe7b8acc40e7e80296eb6215aaffe4995f',
};
