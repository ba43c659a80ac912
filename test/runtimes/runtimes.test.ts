/** The same bundle of the built packages in every engine: one case each. `pnpm run runtimes` prints the same as a table. */
import { describe, expect, it } from 'vitest';
import { bundle, engines } from './engines.ts';
import { installEngines } from './programs.ts';

const missing = await installEngines();
if (missing !== undefined && process.env['CI']) throw new Error(missing);
if (missing !== undefined) console.warn(missing);

describe.skipIf(missing !== undefined)('the packages run unchanged', async () => {
  const expected = missing === undefined ? await runHere() : [];

  it.each(engines)('in $name', async (engine) => {
    const { version, checks } = await engine.run();
    expect(checks).toStrictEqual(expected);
    expect(version).not.toBe('');
  });
});

/** The checks that pass in the Node.js that runs the tests. */
async function runHere(): Promise<string[]> {
  const { smoke }: { smoke: () => Promise<string[]> } = await import(await bundle());
  const checks = await smoke();
  expect(checks.length).toBeGreaterThan(60); // else they are not all there
  return checks;
}
