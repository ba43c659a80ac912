/** The Python implementation as a process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Ask, missing, start } from './program.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const python = await start('python3', ['-B', path('sealring.py')]); // -B: no __pycache__ in the working copy
afterAll(() => python?.end());

/** Why the tests are skipped. */
export const skipped: string | undefined = python === undefined ? missing('python3') : undefined;

export const ask: Ask = (request) => {
  if (python === undefined) throw new Error('python3 is not installed');
  return python.ask(request);
};

/** What Python's reader says to a payload, what a writer makes of its value, and the URLs in it, which Python does not parse. */
export type Verdict = readonly [verdict: 'ok' | 'PAYLOAD' | 'TYPE_UNKNOWN', again: string, urls: readonly string[]];

/** Payloads in hex -> the verdict on each. */
export function verdictsOn(payloads: readonly string[], options: readonly string[] = []): Verdict[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-B', path('payloads.py'), ...options], {
    input: payloads.map((payload) => `${payload}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`payloads.py failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
