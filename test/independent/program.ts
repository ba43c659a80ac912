/** A program that answers each line of JSON with another: a request goes in, and its answer comes out. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What the programs in Python and Go answer. */
export interface Answer {
  ok: boolean;
  token?: string;
  payload?: string;
  issuedAt?: number;
  keyId?: string;
  code?: string;
  error?: string;
  rejected?: string;
  header?: string;
  session?: Record<string, unknown>;
  value?: unknown;
  failed?: string[];
  rows?: string[][];
  prk?: string;
  subkey?: string;
}

export type Ask = (request: Record<string, unknown>) => Promise<Answer>;

export interface Program {
  ask: Ask;
  end: () => void;
}

/** Starts the program. @returns nothing if there is none of this name. */
export async function start(command: string, args: readonly string[] = []): Promise<Program | undefined> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const isThere = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false));
  });
  return isThere ? { ask: asker(command, child), end: () => void child.kill() } : undefined;
}

function asker(command: string, { stdin, stdout }: { stdin: Writable; stdout: Readable }): Ask {
  const waiting: ((answer: Answer) => void)[] = [];
  const ended: Answer = { ok: false, error: `${command} has ended` };
  let hasEnded = false;
  createInterface({ input: stdout })
    .on('line', (line) => waiting.shift()?.(JSON.parse(line)))
    .on('close', () => {
      hasEnded = true;
      for (const resolve of waiting) resolve(ended);
    });
  return (request) =>
    new Promise((resolve) => {
      if (hasEnded) return resolve(ended);
      waiting.push(resolve);
      stdin.write(`${JSON.stringify(request)}\n`);
    });
}

/** Says that a program is not installed, which is an error only where everything has to be. */
export function missing(program: string): string {
  const message = `${program} is not installed: its implementation of the format was not compared with ours`;
  if (process.env['CI']) throw new Error(message);
  console.warn(message);
  return message;
}
