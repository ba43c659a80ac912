/**
 * The clock: rows -> CPU nanoseconds per call, garbage collection included, in rounds in which every row runs one long batch in turn.
 *
 * Short medians leave out the collector, which is a third of the cost of code that allocates much and a tenth of that which does not. CPU
 * time of the whole process counts threads of the pool as well, and not what other processes do meanwhile.
 */
import { do_not_optimize } from 'mitata';

/** One thing to time; `run` needs no `this`, and may answer with a promise. */
export interface Row {
  name: string;
  run: () => unknown;
}

/** How long and how often; `QUICK` is for a look, `FULL` for numbers to quote. */
export interface Effort {
  rounds: number;
  /** Of one row in one round: long enough for several collections. */
  roundMs: number;
  /** Of each row, before the first round; with less the longest code, ours, is still being compiled in the rounds. */
  warmUpMs: number;
}

export const FULL: Effort = { rounds: 11, roundMs: 100, warmUpMs: 500 };
export const QUICK: Effort = { rounds: 3, roundMs: 60, warmUpMs: 250 };

/**
 * Calls under way at a time in rows that answer with a promise. One by one, such a row mostly measures how long the
 * machine takes to wake a sleeping core for the thread pool; eight is a busy server, and the best that these peers do.
 */
const IN_FLIGHT = 8;

/** Times of one run, by row. Only times of one run are ever compared. */
export class Times {
  readonly #byName: ReadonlyMap<string, readonly number[]>;

  /** @param byName nanoseconds per call, one number a round. */
  constructor(byName: ReadonlyMap<string, readonly number[]>) {
    this.#byName = byName;
  }

  /** Median over the rounds, in nanoseconds per call. */
  ns(name: string): number {
    return quantile(this.#rounds(name), 0.5);
  }

  /** Middle half of the rounds, as a share of the median: how far the machine let this row be measured. */
  spread(name: string): number {
    const rounds = this.#rounds(name);
    return (quantile(rounds, 0.75) - quantile(rounds, 0.25)) / quantile(rounds, 0.5);
  }

  /** How many times as long `these` take, one after another, as `those`. */
  ratio(these: readonly string[], those: readonly string[]): number {
    const sum = (names: readonly string[]) => names.reduce((total, name) => total + this.ns(name), 0);
    return sum(these) / sum(those);
  }

  #rounds(name: string): readonly number[] {
    const rounds = this.#byName.get(name);
    if (rounds === undefined) throw new RangeError(`No row named ${name}`);
    return rounds;
  }
}

/** Runs every row once a round, in an order shuffled anew with a fixed seed: a noisy minute then hits all rows alike. */
export async function timeInterleaved(rows: readonly Row[], effort: Effort): Promise<Times> {
  const paced: { row: Row; pace: Pace; times: number[] }[] = [];
  for (const row of rows) paced.push({ row, pace: await warmUp(row, effort), times: [] });
  const random = createRandom(20260101);
  for (let round = 0; round < effort.rounds; round++) {
    for (const { row, pace, times } of shuffle(paced, random)) times.push(await timeBatch(row, pace));
  }
  return new Times(new Map(paced.map(({ row, times }) => [row.name, times])));
}

/** Small seeded generator (mulberry32), 0 <= n < 1: the same order and the same garbage in every run. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

/** How a row is called in a round: so many turns, and in each turn so many calls under way at a time. */
interface Pace {
  inFlight: number;
  turns: number;
}

/** CPU nanoseconds per call. */
async function timeBatch(row: Row, { inFlight, turns }: Pace): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) {
    if (inFlight === 1) do_not_optimize(row.run());
    else await Promise.all(Array.from({ length: inFlight }, row.run));
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (turns * inFlight);
}

/** Lets the compiler see the row, and finds out how many turns fill its share of a round. */
async function warmUp(row: Row, { warmUpMs, roundMs }: Effort): Promise<Pace> {
  const inFlight = row.run() instanceof Promise ? IN_FLIGHT : 1;
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < warmUpMs || done < 2) {
    if (inFlight === 1) do_not_optimize(row.run());
    else await Promise.all(Array.from({ length: inFlight }, row.run));
    done++;
    elapsed = performance.now() - start;
  }
  return { inFlight, turns: Math.max(1, Math.round((roundMs * done) / elapsed)) };
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const shuffled = [...items];
  for (let end = shuffled.length - 1; end > 0; end--) {
    const pick = Math.floor(random() * (end + 1));
    const [picked, last] = [shuffled[pick], shuffled[end]];
    if (picked === undefined || last === undefined) break; // unreachable: both indexes lie inside
    [shuffled[end], shuffled[pick]] = [picked, last];
  }
  return shuffled;
}
