/** An order, a number of requests and a seed -> whose turn it is, until all requests are done. The same input gives the same turns. */

/** `overlapping`: all have read before one saves. `shuffled`: as it comes. `in-turn`: each starts when the one before is done. */
export type Order = 'overlapping' | 'shuffled' | 'in-turn';

/** Where a request goes on: it reads the session, changes it, saves it. */
export const STATIONS = 3;

export interface ScheduleOptions {
  order: Order;
  /** How many requests. */
  requests: number;
  seed: number;
}

/** @returns indexes of requests; each stands `STATIONS` times. */
export function schedule({ order, requests, seed }: ScheduleOptions): number[] {
  const all = Array.from({ length: requests }, (_, index) => index);
  const again = (turns: readonly number[]) => turns.flatMap((index) => [index, index]);
  switch (order) {
    case 'in-turn':
      return all.flatMap((index) => Array.from({ length: STATIONS }, () => index));
    case 'shuffled':
      return shuffle([...all, ...again(all)], seed + 1);
    case 'overlapping':
      // With seed 0 as they come: the first picture should be the plainest.
      return seed === 0 ? [...all, ...again(all)] : [...shuffle(all, seed), ...again(shuffle(all, seed + 1))];
  }
}

function shuffle(turns: readonly number[], seed: number): number[] {
  const random = createRandom(seed);
  const ranked = turns.map((turn) => ({ turn, rank: random() }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ turn }) => turn);
}

/** mulberry32: 0 <= n < 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
