/** Starts sqlite-process.ts and collects what it says. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('sqlite-process.ts', import.meta.url));

const running = new Set<SqliteWorker>();

/** For a test that ended before its workers. */
export async function killSqliteWorkers(): Promise<void> {
  for (const worker of running) await worker.kill();
}

export class SqliteWorker {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #closed: Promise<unknown>;
  #said = '';

  constructor(task: 'write' | 'create' | 'lock' | 'lock-for' | 'read' | 'open', path: string, argument = '') {
    const command = ['--disable-warning=ExperimentalWarning', script, task, path, argument];
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {}); // killed before it has read
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.#closed = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
  }

  /** Waits until it is ready, and lets it go on. */
  async tell(line = 'go'): Promise<void> {
    await this.hears(/^ready$/m);
    this.#child.stdin.write(`${line}\n`);
  }

  /** Waits until it has said this. */
  async hears(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#said)) {
      const ended = this.#closed.then(() => Promise.reject(new Error(`it ended after ${this.#said.slice(-200)}`)));
      await Promise.race([once(this.#child.stdout, 'data'), ended]);
    }
  }

  /** Waits for its own end. @returns what it has said after `ready`, by lines. */
  async finish(): Promise<string[]> {
    await this.#closed;
    if (this.#child.exitCode !== 0) throw new Error(`it ended with ${this.#child.exitCode ?? this.#child.signalCode}`);
    return this.#lines();
  }

  /** Kills it, if it still runs. @returns what it has said after `ready`, by lines. */
  async kill(): Promise<string[]> {
    this.#child.kill('SIGKILL');
    await this.#closed;
    return this.#lines();
  }

  #lines(): string[] {
    return this.#said.split('\n').slice(1, -1); // nor a line without an end
  }
}
