/**
 * What the server does in one step each, in Lua. A script touches one key, so that it runs in any cluster, and answers with a list of texts.
 *
 * The first key of every script of a record is the record's: a hash of
 * - `d` data: a character for each byte,
 * - `v` version,
 * - `x` when it expires: seconds since the epoch,
 * - `s` in which index it stands: a key without the prefix, or nothing,
 * - `l` until when that index lists it: milliseconds since the epoch, or nothing. Never before `x`.
 *
 * Of an index the key is a sorted set: ids by when they may be dropped from it, in milliseconds since the epoch.
 *
 * Times come from the caller and go as they came: Lua would print a large number with 14 digits, and TIME is another clock. Where memory
 * has run out, only the first write of a script fails, so HSET and ZADD come before all else: a script is not undone.
 */

export interface Script {
  readonly source: string;
  /** Of the source: 40 hexadecimal digits. With another the script still runs, but is sent as a whole each time. */
  readonly sha1: string;
}

/** What stands in `PEXPIREAT` for never: the last millisecond that a Date knows. */
export const FOREVER = 8_640_000_000_000_000;

const READ = `
local now = tonumber(ARGV[1])
local record = redis.call('HMGET', KEYS[1], 'v', 'x', 's', 'l')
local version, subject, listed = record[1], record[3], record[4]
local alive = version and (tonumber(record[2]) or now) > now
local function covers(listed, at) return (tonumber(listed) or 0) >= tonumber(at) end
`;

const EXPIRE = `
local function expire(at)
  if tonumber(at) >= ${FOREVER} then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIREAT', KEYS[1], at) end
end
`;

/**
 * `now, condition, version, data, expiry, the same in milliseconds, subject, until when that lists it` -> `written`; `unlisted` where the
 * subject may not list it for long enough; nothing where the condition does not hold.
 *
 * Condition: `*` whatever is there, `-` nothing, `=` and a version: that one. A client that lost its connection may send a command again
 * whose answer got lost: the new version is there then, and its second time is no conflict.
 */
export const SET: Script = {
  source: `${READ}${EXPIRE}
local condition, at, place, till = ARGV[2], ARGV[6], ARGV[7], ARGV[8]
if version == ARGV[3] then return {'written'} end
if condition ~= '*' and condition ~= (alive and '=' .. version or '-') then return {} end
if place ~= '' and till == '' then
  if not (alive and subject == place and covers(listed, at)) then return {'unlisted'} end
  till = listed
end
redis.call('HSET', KEYS[1], 'd', ARGV[4], 'v', ARGV[3], 'x', ARGV[5], 's', place, 'l', till)
expire(at)
return {'written'}
`,
  sha1: 'a4f64a33a5678f78bffadd1c4374a49d491d63c6',
};

/** `now` -> `deleted`, or nothing where no unexpired record was. */
export const DELETE: Script = {
  source: `${READ}
if version then redis.call('DEL', KEYS[1]) end
return alive and {'deleted'} or {}
`,
  sha1: 'a45bee8dae94be54138c3c8fa0aa2c79b6bd6991',
};

/**
 * `now, expiry, the same in milliseconds, subject, until when that lists it` -> `touched`; `unlisted` and the record's subject where that may
 * not list it for long enough; nothing where no unexpired record is.
 */
export const TOUCH: Script = {
  source: `${READ}${EXPIRE}
if not alive then return {} end
if subject and subject ~= '' then
  if subject == ARGV[4] then listed = ARGV[5] end
  if not covers(listed, ARGV[3]) then return {'unlisted', subject} end
end
redis.call('HSET', KEYS[1], 'x', ARGV[2], 'l', listed or '')
expire(ARGV[3])
return {'touched'}
`,
  sha1: '36be8f600052839c7a82199b2953ebf06a0ccf8f',
};

/** `now, subject` -> expiry; nothing where no unexpired record of the subject is. */
export const CHECK: Script = {
  source: `${READ}
return alive and subject == ARGV[2] and {record[2]} or {}
`,
  sha1: 'aee912d132fe3dcfedcd12281c3ade903df5140c',
};

/**
 * `id, until when it is to be listed, until when others may be dropped` -> `listed`. What is listed for longer stays so. Drops at most 100, which
 * is more than comes in.
 */
export const ENLIST: Script = {
  source: `${EXPIRE}
local present = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not present or tonumber(present) < tonumber(ARGV[2]) then redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1]) end
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, 100)
if #old > 0 then redis.call('ZREM', KEYS[1], unpack(old)) end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
if last then expire(string.format('%.0f', last)) end
return {'listed'}
`,
  sha1: 'b934584c57ace6ad88aa49667605089cbd4002bc',
};

/** `cursor` -> the next cursor, then ids: a page of the index. What stands in it all the while comes at least once. */
export const BROWSE: Script = {
  source: `
local page = redis.call('ZSCAN', KEYS[1], ARGV[1], 'COUNT', 100)
local ids = {page[1]}
for at = 1, #page[2], 2 do ids[#ids + 1] = page[2][at] end
return ids
`,
  sha1: '8ad44d9755e091f442becf22b237bc38c07ad1d1',
};
