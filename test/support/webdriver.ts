/**
 * A Vitest browser provider over W3C WebDriver and nothing but fetch: drives Debian's WebKitGTK, for which Playwright has no use.
 * Good for tests of code and of DOM events; it offers no clicks and no keys.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';
import { until } from './eventually.ts';
import { freePort } from './free-port.ts';

interface Size {
  width: number;
  height: number;
}
interface Answer {
  error?: string;
  message?: string;
  sessionId?: string;
}

/** `driver` is the path of a WebDriver program that takes --host and --port; `capabilities` say which browser it starts. */
export function webdriver(driver: string, capabilities: object): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webdriver',
    supportedBrowser: ['webkit', 'firefox', 'chrome', 'safari'],
    options: {},
    providerFactory(project) {
      const provider = new WebDriver(driver, capabilities);
      // The one command that Vitest itself calls when its own page is off (ui: false).
      const resize = (_: unknown, size: Size) => provider.resize(size);
      project.browser?.registerCommand('__vitest_viewport' as never, resize as never);
      return provider;
    },
  });
}

class WebDriver implements BrowserProvider {
  readonly name = 'webdriver';
  readonly supportsParallelism = false;
  readonly #driver: string;
  readonly #capabilities: object;
  #children: ChildProcess[] = [];
  #base = '';
  #session = '';
  #opening: Promise<void> | undefined;

  constructor(driver: string, capabilities: object) {
    this.#driver = driver;
    this.#capabilities = capabilities;
  }

  getCommandsContext(): Record<string, never> {
    return {};
  }

  async openPage(_id: string, url: string): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
    await this.#call('POST', `${this.#session}/url`, { url });
  }

  async resize(size: Size): Promise<void> {
    await this.#call('POST', `${this.#session}/window/rect`, size);
  }

  async close(): Promise<void> {
    if (this.#session) await this.#call('DELETE', this.#session).catch(() => {}); // it may have died already
    this.#session = '';
    this.#opening = undefined;
    for (const child of this.#children.splice(0).reverse()) child.kill();
  }

  async #open(): Promise<void> {
    const env = { ...process.env };
    if (!env['DISPLAY'] && process.platform === 'linux') env['DISPLAY'] = await this.#display();
    const port = await freePort();
    this.#children.push(spawn(this.#driver, ['--host=127.0.0.1', `--port=${port}`], { env, stdio: 'ignore' }));
    this.#base = `http://127.0.0.1:${port}`;
    await until('the WebDriver answers', () => this.#up());
    const { sessionId } = await this.#call('POST', '/session', { capabilities: { alwaysMatch: this.#capabilities } });
    this.#session = `/session/${sessionId}`;
  }

  /** Starts an X server without a screen; it picks a free display and says which. */
  #display(): Promise<string> {
    const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    this.#children.push(xvfb);
    return new Promise((resolve, reject) => {
      xvfb.once('error', reject);
      xvfb.stdio[3]?.once('data', (display) => resolve(`:${String(display).trim()}`));
    });
  }

  #up(): Promise<boolean> {
    return this.#call('GET', '/status').then(
      () => true,
      () => false,
    );
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.#base + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const { value } = (await response.json()) as { value: Answer | null };
    if (value?.error) throw new Error(`WebDriver ${path}: ${value.error}: ${value.message}`);
    return value ?? {};
  }
}
