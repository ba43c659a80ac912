/** Debian's WebKit over W3C WebDriver and nothing but fetch -> a window that shows pages, takes clicks and keys, and runs functions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort } from '../../support/free-port.ts';

/** Undefined where there is none, or `BROWSERS` leaves it out. Playwright's own WebKit is not looked for: the portable tests run in that. */
export function findWebkit(): string | undefined {
  const asked = process.env['BROWSERS']?.split(',');
  if (asked && !asked.includes('webkit')) return undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const hasScreen = process.env['DISPLAY'] !== undefined || find('Xvfb') !== undefined;
  return hasScreen ? find('WebKitWebDriver') : undefined;
}

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'; // W3C WebDriver §12: the name under which an element's id travels

export class WebkitWindow {
  readonly #base: string;
  readonly #children: ChildProcess[];
  #session = '';

  private constructor(base: string, children: ChildProcess[]) {
    this.#base = base;
    this.#children = children;
  }

  static async open(driver: string): Promise<WebkitWindow> {
    const children: ChildProcess[] = [];
    const env = { ...process.env, DISPLAY: process.env['DISPLAY'] ?? (await startScreen(children)) };
    const port = await freePort();
    children.push(spawn(driver, ['--host=127.0.0.1', `--port=${port}`], { env, stdio: 'ignore' }));
    const window = new WebkitWindow(`http://127.0.0.1:${port}`, children);
    await window.#start();
    return window;
  }

  async close(): Promise<void> {
    if (this.#session) await this.#call('DELETE', this.#session).catch(() => {}); // it may have died already
    for (const child of this.#children.reverse()) child.kill();
  }

  /** Resolves when the page has loaded. */
  async goto(url: string): Promise<void> {
    await this.#call('POST', `${this.#session}/frame`, { id: null });
    await this.#call('POST', `${this.#session}/url`, { url });
  }

  /** Of the window's contents, as near as the engine allows. */
  async resize(width: number, height: number): Promise<void> {
    await this.#call('POST', `${this.#session}/window/rect`, { width, height });
    const inner = await this.evaluate(() => [innerWidth, innerHeight]);
    const [x, y] = Array.isArray(inner) ? inner.map(Number) : [];
    const rest = { width: 2 * width - (x ?? width), height: 2 * height - (y ?? height) }; // frame and toolbar
    await this.#call('POST', `${this.#session}/window/rect`, rest);
  }

  /** Runs a function in the page. It sees only its arguments, which travel as JSON; so does the result. */
  evaluate(script: (...values: never[]) => unknown, ...values: unknown[]): Promise<unknown> {
    return this.#call('POST', `${this.#session}/execute/sync`, {
      script: `return (${script}).apply(null, arguments)`,
      args: values,
    });
  }

  /** What follows concerns the page's first frame, until the next `goto`. */
  async enterFrame(): Promise<void> {
    await this.#call('POST', `${this.#session}/frame`, { id: 0 });
  }

  async click(selector: string): Promise<void> {
    await this.#call('POST', `${this.#session}/element/${await this.#find(selector)}/click`, {});
  }

  /** Types it, key by key, into the element. */
  async type(selector: string, text: string): Promise<void> {
    await this.#call('POST', `${this.#session}/element/${await this.#find(selector)}/value`, { text });
  }

  async #find(selector: string): Promise<string> {
    const found = await this.#call('POST', `${this.#session}/element`, { using: 'css selector', value: selector });
    return String(property(found, ELEMENT));
  }

  async #start(): Promise<void> {
    while (!(await this.#call('GET', '/status').catch(() => undefined))) {
      if (this.#children.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null))
        throw new Error('The driver of WebKit, or its screen, ended before it listened');
      await new Promise((resolve) => setTimeout(resolve, 50)); // nothing says when it listens
    }
    const capabilities = { alwaysMatch: { browserName: 'MiniBrowser' } };
    this.#session = `/session/${property(await this.#call('POST', '/session', { capabilities }), 'sessionId')}`;
    await this.#call('POST', `${this.#session}/timeouts`, { implicit: 10_000, pageLoad: 30_000, script: 10_000 });
  }

  async #call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#base + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const value = property(await response.json(), 'value');
    if (!response.ok) throw new Error(`WebDriver ${path}: ${property(value, 'error')}: ${property(value, 'message')}`);
    return value;
  }
}

/** Starts an X server without a screen; it picks a free display and says which. */
function startScreen(children: ChildProcess[]): Promise<string> {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  children.push(xvfb);
  return new Promise((resolve, reject) => {
    xvfb.once('error', reject);
    xvfb.stdio[3]?.once('data', (display) => resolve(`:${String(display).trim()}`));
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
