/** growth(), on which the tests of hostile input rely: it tells quadratic time from linear time. */
import { expect, it } from 'vitest';
import { growth, MAX_GROWTH } from './growth.ts';

// A 32nd of the smallest side is 64, so 4096 steps: microseconds, beside which the call itself is nothing.
it.each([2048, 8192])('growth() tells linear time from quadratic time: %i squared', async (side) => {
  const steps = side * side;
  expect(await growth((size) => count(size), steps)).toBeLessThan(MAX_GROWTH);
  expect(await growth((size) => count(size * size), side)).toBeGreaterThan(MAX_GROWTH);
});

it('growth() waits for what it measures', async () => {
  const later = async (size: number) => {
    await Promise.resolve();
    count(size * size);
  };
  expect(await growth(later, 4096)).toBeGreaterThan(MAX_GROWTH);
});

let counted = 0;

function count(steps: number): void {
  for (let step = 0; step < steps; step++) counted = (counted * 31 + step) | 0;
}
