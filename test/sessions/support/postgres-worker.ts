/** Starts postgres-process.ts and collects what it says. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('postgres-process.ts', import.meta.url));

export interface Work {
  readonly task: 'write' | 'increment';
  readonly driver: string;
  readonly url: string;
  readonly table: string;
  readonly times: number;
}

const running = new Set<PostgresWorker>();

/** For a test that ended before its workers. */
export async function killPostgresWorkers(): Promise<void> {
  for (const worker of running) await worker.kill();
}

export class PostgresWorker {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #closed: Promise<unknown>;
  #said = '';

  constructor({ task, driver, url, table, times }: Work) {
    const command = ['--disable-warning=ExperimentalWarning', script, task, driver, url, table, String(times)];
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {}); // killed before it has read
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.#closed = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
  }

  /** The name of its connection. */
  get connection(): string {
    return `process-${this.#child.pid}`;
  }

  /** Lets it work. @returns when it has said `count` numbers. */
  async start(count: number): Promise<void> {
    while (!this.#said.includes('ready\n')) await this.#more();
    this.#child.stdin.write('go\n');
    while (this.#said.split('\n').length < count + 2) await this.#more();
  }

  /** Lets it work to its end. @returns its exit code. */
  async finish(): Promise<number | null> {
    await this.start(0);
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
    const ended = this.#closed.then(() => Promise.reject(new Error('it ended')));
    await Promise.race([once(this.#child.stdout, 'data'), ended]);
  }
}
