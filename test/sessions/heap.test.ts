/** Nothing of a request stays behind: the heap is as large after a million requests as before, or after a quarter of them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { at, built } from '../support/repository.ts';
import { soaked } from '../support/soak.ts';

const MOST_GROWTH = soaked(5_000_000); // bytes: five for each request that only reads

it.each([
  ['read', soaked(1_000_000), 'requests that read a session in a cookie'],
  ['read-fetch', soaked(100_000), 'requests of Fetch that read a session in a cookie'],
  ['write', soaked(100_000), 'requests that write a session in a cookie'],
  ['memory-read', soaked(200_000), 'requests that read a session in memory()'],
  ['memory-write', soaked(100_000), 'requests that write a session in memory()'],
])('keeps nothing: %s, %i %s', { timeout: 900_000 }, async (task, requests, what) => {
  built('packages/codec/dist/index.js'); // the process imports it by its name
  const { grown, milliseconds } = await measure(task, requests);
  const rate = Math.round(requests / (milliseconds / 1000));
  console.log(
    `${requests} ${what}: heap grown by ${(grown / 1e6).toFixed(2)} MB, ${(milliseconds / 1000).toFixed(1)} s, ${rate}/s`,
  );
  expect(grown).toBeLessThan(MOST_GROWTH);
});

/** In a process of its own: the heap of this one is the test runner's too. */
async function measure(task: string, requests: number): Promise<{ grown: number; milliseconds: number }> {
  const script = at('test/sessions/support/heap-process.ts');
  const command = ['--expose-gc', '--disable-warning=ExperimentalWarning', script, task, String(requests)];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const said: unknown = JSON.parse(stdout);
  const isSaid = typeof said === 'object' && said !== null && 'grown' in said && 'milliseconds' in said;
  if (!isSaid || typeof said.grown !== 'number' || typeof said.milliseconds !== 'number')
    throw new Error(`it said ${stdout}`);
  return { grown: said.grown, milliseconds: said.milliseconds };
}
