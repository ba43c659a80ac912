/** What a visitor does, in a browser of any make: Playwright's Firefox and WebDriver's WebKit, behind one interface. */
import { findFirefox, launchFirefox } from '../support/firefox.ts';
import { findWebkit, WebkitWindow } from '../support/webkit.ts';

export interface Visitor {
  /** Resolves when the page has loaded; a change after the `#` alone loads it too. */
  goto(url: string): Promise<void>;
  /** As `goto`, in a window or a frame of 360 by 640 pixels. */
  gotoSmall(url: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** Key by key, after what stands there. */
  type(selector: string, text: string): Promise<void>;
  choose(selector: string, value: string): Promise<void>;
  /** Text of the first such element; empty where there is none. */
  textOf(selector: string): Promise<string>;
  attributeOf(selector: string, name: string): Promise<string | null>;
  count(selector: string): Promise<number>;
  /** How far the page can be scrolled sideways, and how wide it is shown. */
  scroll(): Promise<{ sideways: number; width: number }>;
  /** What the page has asked for so far. */
  requests(): Promise<string[]>;
  /** What its policy has stopped and its scripts have thrown, as far as the browser can be asked. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}

/** Undefined where that browser is not installed. */
export const visitors: readonly [string, (() => Promise<Visitor>) | undefined][] = [
  ['Firefox', maker(findFirefox(), visitFirefox)],
  ['WebKit', maker(findWebkit(), visitWebkit)],
];

function maker(path: string | undefined, open: (path: string) => Promise<Visitor>) {
  return path === undefined ? undefined : () => open(path);
}

async function visitFirefox(path: string): Promise<Visitor> {
  const browser = await launchFirefox(path);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      Reflect.get(globalThis, 'complain')(`${violatedDirective} ${blockedURI}`);
    });
  });
  const goto = async (url: string) => {
    await page.goto('about:blank');
    requests.length = 0;
    await page.goto(url);
    await page.waitForLoadState('networkidle');
  };
  return {
    async goto(url) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await goto(url);
    },
    async gotoSmall(url) {
      await page.setViewportSize({ width: 360, height: 640 });
      await goto(url);
    },
    click: (selector) => page.locator(selector).first().click(),
    type: (selector, text) => page.locator(selector).first().pressSequentially(text),
    choose: async (selector, value) => void (await page.locator(selector).first().selectOption(value)),
    textOf: (selector) => page.evaluate(textOf, selector),
    attributeOf: (selector, name) => page.locator(selector).first().getAttribute(name),
    count: (selector) => page.locator(selector).count(),
    scroll: () => page.evaluate(scrollOf),
    requests: async () => [...requests],
    complaints: async () => [...complaints],
    close: () => browser.close(),
  };
}

async function visitWebkit(path: string): Promise<Visitor> {
  const window = await WebkitWindow.open(path);
  const goto = async (url: string) => {
    await window.goto('about:blank');
    await window.goto(url);
    await window.evaluate(watch);
  };
  return {
    async goto(url) {
      await window.resize(1280, 900);
      await goto(url);
    },
    // Its window cannot be that narrow. In a frame of that width a page is laid out as in a window of it.
    async gotoSmall(url) {
      const src = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      await window.goto(
        `data:text/html,${encodeURIComponent(`<iframe width="360" height="640" src="${src}"></iframe>`)}`,
      );
      await window.enterFrame();
      await window.evaluate(watch);
    },
    click: (selector) => window.click(selector),
    type: (selector, text) => window.type(selector, text),
    async choose(selector, value) {
      await window.click(`${selector} option[value="${value}"]`);
    },
    textOf: async (selector) => String(await window.evaluate(textOf, selector)),
    async attributeOf(selector, name) {
      const value = await window.evaluate(attributeOf, selector, name);
      return typeof value === 'string' ? value : null;
    },
    count: async (selector) => Number(await window.evaluate(countOf, selector)),
    async scroll() {
      const found = Object(await window.evaluate(scrollOf));
      return { sideways: Number(found.sideways), width: Number(found.width) };
    },
    requests: async () =>
      texts(await window.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))),
    complaints: async () => texts(await window.evaluate(() => Reflect.get(globalThis, 'complaintsSeen'))),
    close: () => window.close(),
  };
}

// What runs in a page sees nothing of this file.

const textOf = (selector: string): string => document.querySelector(selector)?.textContent?.trim() ?? '';
const attributeOf = (selector: string, name: string) => document.querySelector(selector)?.getAttribute(name) ?? null;
const countOf = (selector: string): number => document.querySelectorAll(selector).length;

function scrollOf(): { sideways: number; width: number } {
  const { scrollWidth, clientWidth } = document.documentElement;
  return { sideways: scrollWidth - clientWidth, width: innerWidth };
}

/** From the moment of loading on: WebDriver runs nothing before. */
function watch(): void {
  const seen: string[] = [];
  Reflect.set(globalThis, 'complaintsSeen', seen);
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    seen.push(`${violatedDirective} ${blockedURI}`);
  });
  addEventListener('error', ({ message }) => seen.push(message));
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
