/** The cookies of a header -> the same with split values joined. The rules are those of the session layer: `name=3.<part>; name.1=<part>; name.2=<part>`. */

/** Of name and value together. RFC 6265bis §5.6. */
export const MAX_COOKIE_BYTES = 4096;

/** Over how many cookies the session layer splits a value at most. */
const MAX_CHUNKS = 16;

/** How many cookies of one name it looks at. Further ones stay as they are: one long part would be copied for each of them. */
const MAX_CANDIDATES = 4;

/** One cookie as it was written. */
export interface RawCookie {
  readonly name: string;
  /** Without quotes, percent-encoding and line breaks. */
  readonly value: string;
  readonly attributes: ReadonlyMap<string, string> | undefined;
  /** Bytes of name and value as they were sent. */
  readonly size: number;
}

/** One value, out of one cookie or several. */
export interface JoinedCookie extends RawCookie {
  readonly chunks: number;
  readonly missing: readonly string[];
}

/** In the order of the first cookies; parts that belong to no value stay cookies of their own. */
export function joinChunks(cookies: readonly RawCookie[]): JoinedCookie[] {
  const byName = new Map<string, RawCookie[]>();
  for (const cookie of cookies) {
    const namesakes = byName.get(cookie.name);
    if (namesakes === undefined) byName.set(cookie.name, [cookie]);
    else if (namesakes.length < MAX_CANDIDATES) namesakes.push(cookie);
  }
  const used = new Set<RawCookie>();
  const ranks = new Map<string, number>();
  const joined = new Map<RawCookie, JoinedCookie>();
  for (const first of cookies) {
    const count = first.name === '' ? 1 : readCount(first.value);
    if (count === 1) continue;
    const rank = ranks.get(first.name) ?? 0;
    if (rank === MAX_CANDIDATES) continue;
    ranks.set(first.name, rank + 1);
    const others = Array.from({ length: count - 1 }, (_, at) =>
      byName
        .get(`${first.name}.${at + 1}`)
        ?.slice(0, rank + 1)
        .at(-1),
    );
    for (const other of others) if (other !== undefined) used.add(other);
    joined.set(first, join(first, others, count));
  }
  return cookies
    .filter((cookie) => !used.has(cookie))
    .map((cookie) => joined.get(cookie) ?? { ...cookie, chunks: 1, missing: [] });
}

function join(first: RawCookie, others: readonly (RawCookie | undefined)[], count: number): JoinedCookie {
  const prefix = `${count}.`;
  const parts = [first.value.slice(prefix.length), ...others.map((other) => other?.value)];
  const missing = parts.flatMap((part, at) => {
    const name = at === 0 ? first.name : `${first.name}.${at}`;
    const room = MAX_COOKIE_BYTES - name.length - (at === 0 ? prefix.length : 0);
    // Every part but the last fills its cookie: one of another length is of another value.
    const fits =
      part !== undefined && (at === count - 1 ? part.length > 0 && part.length <= room : part.length === room);
    return fits ? [] : [name];
  });
  const size = others.reduce((sum, other) => sum + (other?.size ?? 0), first.size);
  return { ...first, value: parts.join(''), chunks: count, missing, size };
}

/** 1 where there is no count, or none that the session layer writes. */
function readCount(start: string): number {
  const count = Number(/^([2-9]|1[0-9])\./.exec(start)?.[1] ?? 1);
  return count <= MAX_CHUNKS ? count : 1;
}
