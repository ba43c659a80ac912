/** Starts one of the scripts of this folder, and speaks with it by lines. It says `ready`, waits for a line, and then says what it does. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const running = new Set<TalkingProcess>();

/** For a test that ended before its processes. */
export async function killProcesses(): Promise<void> {
  for (const process of running) await process.kill();
}

export class TalkingProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #closed: Promise<unknown>;
  #said = '';

  /** @param script its file name. */
  constructor(script: string, ...args: readonly string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const command = ['--disable-warning=ExperimentalWarning', path, ...args];
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {}); // killed before it has read
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.#closed = once(this.#child, 'close').finally(() => running.delete(this));
    running.add(this);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits until it is ready. */
  async ready(): Promise<void> {
    await this.hears(/^ready$/m);
  }

  /** Waits until it is ready, and lets it go on. */
  async tell(line = 'go'): Promise<void> {
    await this.ready();
    this.#child.stdin.write(`${line}\n`);
  }

  /** Lets it work. @returns when it has said so many lines. */
  async start(lines = 1): Promise<void> {
    await this.tell();
    while (this.#lines().length < lines) await this.#more();
  }

  /** Waits until it has said this. */
  async hears(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#said)) await this.#more();
  }

  /** Lets it work to its end. @returns what `finish` does. */
  async run(): Promise<string[]> {
    await this.tell();
    return await this.finish();
  }

  /** Ends its input, at which it ends. @returns what `finish` does. */
  async end(): Promise<string[]> {
    this.#child.stdin.end();
    return await this.finish();
  }

  /** Waits for its own end. @returns what it has said after `ready`, by lines. @throws where it ended otherwise than well. */
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

  async #more(): Promise<void> {
    const ended = this.#closed.then(() => Promise.reject(new Error(`it ended after ${this.#said.slice(-200)}`)));
    await Promise.race([once(this.#child.stdout, 'data'), ended]);
  }
}
