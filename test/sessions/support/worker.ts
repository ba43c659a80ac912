/** Starts file-process.ts and collects what it says. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('file-process.ts', import.meta.url));

const running = new Set<Worker>();

/** For a test that ended before its workers. */
export async function killWorkers(): Promise<void> {
  for (const worker of running) await worker.kill();
}

export class Worker {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #closed: Promise<unknown>;
  #said = '';

  constructor(task: 'write' | 'increment', directory: string, id: string, times: number) {
    const command = ['--disable-warning=ExperimentalWarning', script, task, directory, id, String(times)];
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {}); // killed before it has read
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.#closed = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
  }

  /** Lets it work. @returns when it has said the first number. */
  async start(): Promise<void> {
    while (!this.#said.includes('ready\n')) await this.#more();
    this.#child.stdin.write('go\n');
    while (!/^\d+\n/m.test(this.#said)) await this.#more();
  }

  /** Lets it work to its end. @returns its exit code. */
  async finish(): Promise<number | null> {
    this.#child.stdin.write('go\n');
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Kills it, if it still runs. @returns the numbers it has said. */
  async kill(): Promise<number[]> {
    this.#child.kill('SIGKILL');
    await this.#closed;
    const lines = this.#said.split('\n').slice(1, -1); // not `ready`, nor a line without an end
    return lines.map(Number);
  }

  async #more(): Promise<void> {
    await Promise.race([
      once(this.#child.stdout, 'data'),
      this.#closed.then(() => Promise.reject(new Error('it ended'))),
    ]);
  }
}
