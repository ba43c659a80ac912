/** growth(), on which the tests of hostile input rely: it tells quadratic time from linear time. */
import { expect, it } from 'vitest';
import { growth, MAX_GROWTH } from './growth.ts';

it.each([32_000, 1_000_000])('growth() tells linear time from quadratic time: %i steps', async (steps) => {
  const side = Math.sqrt(steps);
  expect(await growth((size) => count(size), steps)).toBeLessThan(MAX_GROWTH);
  expect(await growth((size) => count(size * size), side)).toBeGreaterThan(MAX_GROWTH);
});

it('growth() waits for what it measures', async () => {
  const later = async (size: number) => {
    await Promise.resolve();
    count(size * size);
  };
  expect(await growth(later, 1000)).toBeGreaterThan(MAX_GROWTH);
});

let counted = 0;

function count(steps: number): void {
  for (let step = 0; step < steps; step++) counted = (counted * 31 + step) | 0;
}
