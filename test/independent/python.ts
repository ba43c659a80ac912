/** The Python implementation as a process: a request goes in as a line of JSON, and its answer comes out. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export interface Answer {
  ok: boolean;
  value?: unknown;
  token?: string;
  payload?: string;
  issuedAt?: number;
  keyId?: string;
  code?: string;
  failed?: string[];
  error?: string;
  session?: Record<string, unknown>;
  rejected?: string;
  header?: string;
}

// -B: no __pycache__ in the working copy
const python = spawn('python3', ['-B', fileURLToPath(new URL('sealring.py', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
export const started = await new Promise<boolean>((resolve) => {
  python.once('spawn', () => resolve(true)).once('error', () => resolve(false));
});
export const missing = 'python3 is not installed: the Python implementation of the format was not compared with ours';
if (!started && process.env['CI']) throw new Error(missing);
if (!started) console.warn(missing);

const waiting: ((answer: Answer) => void)[] = [];
createInterface({ input: python.stdout })
  .on('line', (line) => waiting.shift()?.(JSON.parse(line)))
  .on('close', () => {
    for (const resolve of waiting) resolve({ ok: false, error: 'python3 ended early' });
  });
export const ask = (request: Record<string, unknown>): Promise<Answer> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    python.stdin.write(`${JSON.stringify(request)}\n`);
  });
afterAll(() => python.kill());
