/** The built site, served, and a browser that looks at it: set up once for all tests of it. */
import type { Browser, BrowserContextOptions } from 'playwright';
import { builtSite } from './built-site.ts';
import { findChromium, launch, openPage, type WatchedPage } from './chromium.ts';
import { type StaticServer, serveFolder } from './static-server.ts';

export class Site {
  folder = '';
  /** Whether there is a browser to open pages with. */
  readonly hasBrowser: boolean;
  readonly #chromium = findChromium();
  #server: StaticServer | undefined;
  #browser: Browser | undefined;

  constructor() {
    this.hasBrowser = this.#chromium !== undefined;
  }

  async start(): Promise<void> {
    this.folder = await builtSite();
    if (this.#chromium === undefined) return;
    this.#server = await serveFolder(this.folder);
    this.#browser = await launch(this.#chromium);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
  }

  get origin(): string {
    return this.#server?.origin ?? '';
  }

  /** A page of a context of its own, so that nothing is left over from another test. */
  async open(path: string, options?: BrowserContextOptions): Promise<WatchedPage> {
    if (this.#browser === undefined) throw new Error('The site was not started');
    const watched = await openPage(this.#browser, options);
    await watched.page.goto(this.origin + path);
    return watched;
  }
}
