/** `npm start` as a newcomer uses it: it serves both addresses, and however it is ended, nothing is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { at } from '../support/repository.ts';

const linux = process.platform === 'linux';
let running: Started | undefined;
afterEach(() => running?.destroy());

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('leaves nothing behind when npm gets SIGTERM while it is still building', { timeout: 240_000 }, async () => {
    running = await start(); // the first test, because it may leave half a build; the next one mends it
    await running.says('run build');
    running.signalNpm('SIGTERM');
    await expectNothingLeft(running);
  });

  it('serves site and example, and Ctrl+C ends every process and frees both ports', { timeout: 240_000 }, async () => {
    running = await start();
    await running.says('Ctrl+C stops');
    for (const port of running.ports) {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      expect(await response.text()).toContain('<html');
      expect(response.status).toBe(200);
    }
    // The site is the built one: the playground has its policy, the search its index.
    const site = `http://127.0.0.1:${running.ports[0]}`;
    expect(await (await fetch(`${site}/playground/`)).text()).toContain("connect-src 'none'");
    expect((await fetch(`${site}/search-index.js`)).status).toBe(200);
    running.signalGroup('SIGINT');
    await expectNothingLeft(running);
  });

  it('ends every process and frees both ports when npm alone gets SIGTERM', { timeout: 240_000 }, async () => {
    running = await start();
    await running.says('Ctrl+C stops');
    running.signalNpm('SIGTERM');
    await expectNothingLeft(running);
  });

  it('names the port that is in use, and how to choose another', { timeout: 240_000 }, async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    running = await start({ EXAMPLE_PORT: String(port) });
    await running.says(`Port ${port}, meant for the example, is in use`);
    await running.says(`EXAMPLE_PORT=${port + 1} npm start`);
    await running.ended;
    taken.close();
    await expectNothingLeft(running);
  });
});

/** `npm start` in a process group of its own, as a terminal would run it. */
class Started {
  readonly ended: Promise<unknown>;
  readonly ports: number[];
  readonly #marker: string;
  readonly #child: ChildProcess;
  #output = '';
  #isComplete = false; // whether all of the output is there: it may come after the end of the process

  constructor(ports: number[], variables: Record<string, string>) {
    this.ports = ports;
    this.#marker = `SEALRING_START=${randomUUID()}`;
    const [name = '', value = ''] = this.#marker.split('=');
    const kept = Object.entries(process.env).filter(([key]) => !/^(npm_|VITEST|NODE_ENV|DEV|PROD|MODE|TEST)/.test(key));
    const env = { ...Object.fromEntries(kept), ...variables, [name]: value };
    this.#child = spawn('npm', ['start'], { cwd: at(''), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#output += text;
      });
    }
    this.ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.once('close', () => {
      this.#isComplete = true;
    });
  }

  async says(text: string): Promise<void> {
    while (!(this.#output.includes(text) || this.#isComplete)) await sleep(100);
    if (!this.#output.includes(text)) throw new Error(`npm start did not print "${text}", but:\n${this.#output}`);
  }

  signalNpm(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** What a terminal does on Ctrl+C: the signal goes to every process of the group. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-(this.#child.pid ?? 0), signal);
  }

  /** Every process that this start began, by the variable that all of them inherit. */
  processes(): string[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => readProcess(pid, 'environ').includes(this.#marker)).map(describeProcess);
  }

  destroy(): void {
    if (!linux) return;
    for (const line of this.processes()) {
      try {
        process.kill(Number.parseInt(line, 10), 'SIGKILL');
      } catch {} // it has ended by itself
    }
  }
}

async function start(variables: Record<string, string> = {}): Promise<Started> {
  const ports = [
    Number(variables['SITE_PORT'] ?? (await freePort())),
    Number(variables['EXAMPLE_PORT'] ?? (await freePort())),
  ];
  return new Started(ports, { SITE_PORT: String(ports[0]), EXAMPLE_PORT: String(ports[1]), ...variables });
}

async function expectNothingLeft(started: Started): Promise<void> {
  await started.ended;
  if (linux) await expect.poll(() => started.processes(), { timeout: 60_000 }).toEqual([]);
  for (const port of started.ports) await expect.poll(() => canListen(port), { timeout: 60_000 }).toBe(true);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function describeProcess(pid: string): string {
  return `${pid} ${readProcess(pid, 'cmdline').replaceAll('\0', ' ')}`;
}

/** Empty where the process has ended meanwhile. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
