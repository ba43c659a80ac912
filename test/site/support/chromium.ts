/** The machine's Chromium -> pages whose complaints and requests are on record. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from 'playwright';

// Without windows of its own a page opens in half the time. It cannot keep pages for going back: that takes the whole browser.
const SHELL = 'chromium-headless-shell';
const WHOLE = ['chromium', 'chromium-browser', 'google-chrome'];

/** Undefined where none is installed, or `BROWSERS` leaves it out. With CI set that is an error, as for the other browser tests. */
export function findChromium(names: readonly string[] = [SHELL, ...WHOLE]): string | undefined {
  const asked = process.env['BROWSERS']?.split(',');
  if (asked && !asked.includes('chromium')) return undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [process.env['CHROMIUM_PATH'], ...installed, chromium.executablePath()];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined && process.env['CI']) throw new Error('No Chromium found for the tests of the site');
  return found;
}

/** The browser with everything that people have. */
export const findWholeChromium = (): string | undefined => findChromium(WHOLE);

export function launch(executablePath: string, options: LaunchOptions = {}): Promise<Browser> {
  const chromiumSandbox = process.getuid?.() !== 0; // it refuses root, as which containers and CI machines run
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  args.push('--disable-background-networking', '--disable-component-update');
  return chromium.launch({ executablePath, chromiumSandbox, args, ...options });
}

const ICON = /\/favicon\.(?:svg|ico)$/;

export interface WatchedPage {
  page: Page;
  /** Errors in the console and in scripts, and everything that the page's policy has stopped. */
  complaints: string[];
  /** Every address that was asked for, but for the icon: Chromium asks for that when it likes. */
  requests: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000); // a shared machine may be ten times slower at times
  const rate = Number(process.env['IMITATE_SLOW'] ?? 1);
  if (rate > 1) {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  }
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!ICON.test(request.url())) requests.push(request.url());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      Reflect.get(globalThis, 'complain')(`${violatedDirective} ${blockedURI}`);
    });
  });
  return { page, complaints, requests };
}

/** Resolves when every view of the playground is there. */
export function untilReady(page: Page): Promise<void> {
  return page.locator('[data-playground][data-ready]').waitFor();
}

/** How far a page can be scrolled sideways, in pixels. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
