/** A program's file -> what it printed, line by line, and how it ended. Node runs it as a reader would, in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { at } from '../repository.ts';

interface Printed {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Run {
  readonly printed: readonly Printed[];
  /** Why it failed: what it threw, or that it did not end; undefined if it ended well. */
  readonly failure: string | undefined;
}

const SECONDS = 45; // on a busy machine a program of one second may take twenty

export async function run(
  file: string,
  environment: Readonly<Record<string, string>>,
  seconds = SECONDS,
): Promise<Run> {
  const cwd = await mkdtemp(join(tmpdir(), 'sealring-sample-'));
  const child = spawn(process.execPath, ['--import', at('test/support/samples/recorder.ts'), file], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  const records = child.stdio[3];
  if (!(records instanceof Readable && child.stdout && child.stderr)) throw new TypeError('Not all of them are pipes');
  try {
    const output = Promise.all([text(child.stdout), text(child.stderr), text(records)]);
    const [code, signal]: (number | string | null)[] = await once(child, 'close');
    const [stdout, stderr, lines] = await output;
    const printed = lines.split('\n').filter(Boolean).map(readRecord);
    if (code === 0) return { printed, failure: undefined };
    const hung = `It did not end within ${seconds} seconds: close what it has opened`;
    return { printed, failure: signal === 'SIGKILL' ? hung : `It ended with ${code ?? signal}\n${stderr}${stdout}` };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function readRecord(line: string): Printed {
  return JSON.parse(line);
}
