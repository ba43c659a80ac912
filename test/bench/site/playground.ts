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
const sealer = createSealer({ keys: [Uint8Array.from({ length: 32 }, (_, at) => at)], purpose: 'cookie:session' });

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
  for (const [name, text] of Object.entries(largePastes())) {
    await paste(page, '');
    await page.evaluate(takeLongest);
    await paste(page, text);
    blocked[name] = await page.evaluate(takeLongest);
  }
  await browser.close();
  return { painted: median(times), blocked };
}

function largePastes(): Record<string, string> {
  const size = 65_536;
  return {
    'a token that opens': `session=${tokenOf(size, 0)}`,
    'no token': 'x'.repeat(size),
    'a header of a thousand cookies':
      `Cookie: ${Array.from({ length: 1000 }, (_, at) => `name${at}=${'v'.repeat(54)}`).join('; ')}`.slice(0, size),
  };
}

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
function paste(page: Page, text: string): Promise<number> {
  return page.evaluate((pasted) => {
    const field = document.querySelector('#pasted');
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
  }, text);
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
