/** A call and a size -> how the time of the call grows with the size, which is the same on a slow machine as on a fast one. */

/** Linear is 32, quadratic 1024. Caches and collections make large linear runs up to three times slower. */
export const MAX_GROWTH = 256;

/** Milliseconds that runs must take together to be measured: an operating system may count in steps of 4. */
const MEASURABLE = 50;

/** How many times as long a run takes for `size` as for a 32nd of it. */
export async function growth(run: (size: number) => unknown, size: number): Promise<number> {
  return await timesAsLong(
    () => run(size),
    () => run(size / 32),
    MAX_GROWTH / 4,
  );
}

/**
 * How many times as long as another a run takes. Each may meet something that slows it down, so the least of three counts for both, unless the first
 * try shows at once that it is less than `enough`.
 */
export async function timesAsLong(long: () => unknown, short: () => unknown, enough: number): Promise<number> {
  let [most, least] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tries = 0; tries < 3; tries++) {
    least = Math.min(least, await timeOf(short));
    most = Math.min(most, await timeOf(long));
    if (most / least < enough) break;
  }
  return most / least;
}

/** How many milliseconds a run takes: the average of as many as it takes to measure them. */
async function timeOf(run: () => unknown): Promise<number> {
  for (let runs = 1; ; runs *= 2) {
    const start = worked();
    for (let done = 0; done < runs; done++) {
      const result = run();
      if (result instanceof Promise) await result; // an await of nothing would cost more than a short run
    }
    const time = worked() - start;
    if (time >= MEASURABLE) return time / runs;
  }
}

/** Milliseconds that this thread has worked, so that other processes do not count. In browsers, those that have passed. */
function worked(): number {
  const usage = globalThis.process?.threadCpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1000;
}
