/** The playground in a real browser -> how long a token takes to be on the screen and how long a large paste blocks. */
import { createSealer } from '@sealring/codec';
import type { Page } from 'playwright';
import { launch } from '../../site/support/chromium.ts';
import { median } from './median.ts';

export interface Measured {
  /** Milliseconds from the event to the frame after it, of a token of 4 KiB; median. */
  painted: number;
  /** Milliseconds of the longest task that a paste of 64 KiB made, by what was pasted. */
  blocked: Readonly<Record<string, number>>;
}

const ROUNDS = 20;
const LARGE = 65_536; // characters
const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
const sealer = createSealer({ keys: [secret], purpose: 'sealring:cookie:session', reserved: true });
const signer = createSealer({
  keys: [{ secret, encrypt: false }],
  purpose: 'sealring:cookie:session',
  reserved: true,
  limits: { bytes: LARGE, items: LARGE },
});

export async function measurePlayground(chromium: string, origin: string): Promise<Measured> {
  const browser = await launch(chromium);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${origin}/playground/`, { waitUntil: 'networkidle' });
  await page.locator('[data-demo-key="demo-1"]').click();

  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await paste(page, `session=${tokenOf(4096, round)}`));
    const verdict = await page.locator('[data-verdict]').first().textContent();
    if (verdict !== 'It opens.') throw new Error(`A token of 4 KiB: ${verdict}`);
  }

  await page.evaluate(watchTasks);
  const blocked: Record<string, number> = {};
  const measure = async (field: string, name: string, text: string) => {
    await paste(page, '', field);
    await page.evaluate(takeLongest);
    await paste(page, text, field);
    blocked[name] = await page.evaluate(takeLongest);
  };
  for (const [name, text] of Object.entries(largePastes())) await measure('#pasted', name, text);
  await page.locator('#tab-header').click();
  for (const [name, text] of Object.entries(largeHeaders()))
    await measure('#header-text', `Header view, ${name}`, text);
  await browser.close();
  return { painted: median(times), blocked };
}

/** What is refused costs most: with the right key every likely name is tried before it is said that none fits. */
function largePastes(): Record<string, string> {
  const others = Array.from({ length: 24 }, (_, at) => `name${at}=1; `).join('');
  const bytes = Uint8Array.from({ length: 47_000 }, (_, at) => at);
  return {
    'a token that opens': `session=${tokenOf(LARGE, 0)}`,
    'a token that was changed, beside 24 cookies': `Cookie: ${others}session=${spoil(tokenOf(LARGE, 0))}`,
    'a signed token that was changed, beside 24 cookies': `Cookie: ${others}session=${spoil(signer.seal(bytes))}`,
    'a signed token of 48,000 numbers': `session=${signer.seal(Array.from({ length: 48_000 }, () => 7))}`,
    'no token': 'x'.repeat(LARGE),
    'a header of a thousand cookies': header(1000),
  };
}

function largeHeaders(): Record<string, string> {
  const refused = Array.from({ length: 40 }, (_, at) => `name${at}=${spoil(tokenOf(1600, at))}`);
  return { '40 tokens that were changed': `Cookie: ${refused.join('; ')}`, 'a thousand cookies': header(1000) };
}

function header(cookies: number): string {
  const pairs = Array.from({ length: cookies }, (_, at) => `name${at}=${'v'.repeat(54)}`);
  return `Cookie: ${pairs.join('; ')}`.slice(0, LARGE);
}

/** With another last but fifth character, which is part of the tag. */
const spoil = (token: string) => `${token.slice(0, -5)}${token.at(-5) === 'A' ? 'B' : 'A'}${token.slice(-4)}`;

/** A session with a cart of as many items as fit, of which a large one has 400: a sealer takes no more than 4,096 values. */
function tokenOf(length: number, round: number): string {
  const note = 'n'.repeat(Math.max(0, Math.floor((length * 0.75) / 400) - 30));
  const cart: unknown[] = [];
  for (let token = ''; ; ) {
    cart.push({ sku: `item-${cart.length}-${round}`, count: 2, added: new Date(0), note });
    const next = sealer.seal({ user: 42, cart });
    if (next.length > length) return token;
    token = next;
  }
}

/** As a paste does: the text at once and one event. @returns milliseconds until the next frame was on the screen. */
function paste(page: Page, text: string, selector = '#pasted'): Promise<number> {
  return page.evaluate(
    ([pasted = '', where = '']) => {
      const field = document.querySelector(where);
      if (!(field instanceof HTMLTextAreaElement)) throw new Error('The playground has no field to paste into');
      return new Promise<number>((resolve) => {
        requestAnimationFrame(() => {
          field.value = pasted;
          const from = performance.now();
          field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel(); // its message comes after the frame has been painted
            port1.onmessage = () => resolve(performance.now() - from);
            port2.postMessage(undefined);
          });
        });
      });
    },
    [text, selector],
  );
}

/** Tasks of more than 50 ms: below that a browser does not tell. */
function watchTasks(): void {
  const durations: number[] = [];
  Reflect.set(globalThis, 'taskDurations', durations);
  new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
}

/** @returns 0 where there was none. An entry is handed over after its task: two frames later it is there. */
async function takeLongest(): Promise<number> {
  for (let frames = 0; frames < 2; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
  const durations: number[] = Reflect.get(globalThis, 'taskDurations');
  return Math.max(0, ...durations.splice(0));
}
