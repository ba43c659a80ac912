/** The cookies of a header -> the same cookies, with split values joined by the rules of sessions. FORMAT.md §9. */

import { chunkCount, chunkName, isChunk, MAX_CANDIDATES } from '@sealring/wire';

/** One cookie as it was written. */
export interface RawCookie {
  readonly name: string;
  /** Without quotes, percent-encoding and line breaks. */
  readonly value: string;
  readonly attributes: ReadonlyMap<string, string> | undefined;
  /** Bytes of name and value as they were sent. */
  readonly size: number;
}

/** One value, from one cookie or several. */
export interface JoinedCookie extends RawCookie {
  readonly chunks: number;
  readonly missing: readonly string[];
}

/** Joins split values. The order is that of the first cookies. Parts without a first cookie stay separate cookies. */
export function joinCookies(cookies: readonly RawCookie[]): JoinedCookie[] {
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
    const count = first.name === '' ? 1 : chunkCount(first.value);
    if (count === 1) continue;
    const rank = ranks.get(first.name) ?? 0;
    if (rank === MAX_CANDIDATES) continue;
    ranks.set(first.name, rank + 1);
    const others = Array.from({ length: count - 1 }, (_, at) =>
      byName
        .get(chunkName(first.name, at + 1))
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
  const parts = [first.value.slice(`${count}.`.length), ...others.map((other) => other?.value)];
  const missing = parts.flatMap((part, at) =>
    part !== undefined && isChunk(first.name, part.length, at, count) ? [] : [chunkName(first.name, at)],
  );
  const size = others.reduce((sum, other) => sum + (other?.size ?? 0), first.size);
  return { ...first, value: parts.join(''), chunks: count, missing, size };
}
