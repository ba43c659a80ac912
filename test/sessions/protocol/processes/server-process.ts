/** A server in a process of its own: orders go in, answers come out, many at a time. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { BackendSpec } from '../../support/real-backends.ts';
import type { Answer, Order, Report } from './orders.ts';

/** A request that has been sent. */
export interface Sent {
  /** When it has come to `hold`. */
  readonly held: Promise<void>;
  readonly answer: Promise<Answer>;
  /** Lets it go on. */
  go(): void;
}

interface Waiting {
  held(): void;
  answered(answer: Answer): void;
  failed(error: Error): void;
}

export class ServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #error: Error | undefined;

  constructor(store: 'server' | 'cookie', spec: BackendSpec, key: string) {
    const path = fileURLToPath(new URL('worker.ts', import.meta.url));
    const args = ['--disable-warning=ExperimentalWarning', path, store, JSON.stringify(spec), key];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {}); // `close` says that it has ended
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#child.once('close', (code) => {
      this.#error = new Error(`The server process ended with ${code}`);
      for (const { failed } of this.#waiting.values()) failed(this.#error);
    });
  }

  send(acts: Order['acts'], { cookie, subject }: { cookie?: string | undefined; subject: string }): Sent {
    const number = ++this.#orders;
    let held = () => {};
    const isHeld = new Promise<void>((resolve) => (held = resolve));
    const answer = new Promise<Answer>((answered, failed) => {
      if (this.#error !== undefined) failed(this.#error);
      this.#waiting.set(number, { held, answered, failed });
    });
    this.#say({ number, cookie, subject, acts });
    return { held: isHeld, answer, go: () => this.#say({ go: number }) };
  }

  /** One request from its beginning to its end. */
  async call(acts: Order['acts'], visitor: { cookie?: string | undefined; subject: string }): Promise<Answer> {
    return await this.send(acts, visitor).answer;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    await closed;
  }

  #say(line: Order | { go: number }): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  #hear(report: Report): void {
    const waiting = this.#waiting.get(report.number);
    if (report.isHeld) {
      waiting?.held();
      return;
    }
    this.#waiting.delete(report.number);
    waiting?.answered(report);
  }
}
