/** Back in a browser that keeps whole pages for it: the page is the same one as before, and nothing that was typed is left in it. */
import { createSealer, generateKey } from '@sealring/codec';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findWholeChromium, launch, openPage, untilReady } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';
import { OpenView } from './open-page.ts';

const PLAN = 'the-plan-of-the-day';

export function comingBackTests(site: Site): void {
  let browser: Browser; // one of its own: Playwright otherwise switches this off
  beforeAll(async () => {
    browser = await launch(findWholeChromium() ?? '', { ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  });
  afterAll(() => browser?.close());

  it.each(['open', 'seal', 'rotate', 'header'])(
    'finds no key and nothing that was typed, from the view %s',
    async (name) => {
      const { page, complaints } = await openPage(browser);
      await page.goto(`${site.origin}/playground/`);
      await untilReady(page);
      const key = generateKey();
      const token = createSealer({ keys: [key], purpose: 'sealring:cookie:demo', reserved: true }).seal({ plan: PLAN });
      const view = new OpenView(page);
      await view.fill({ cookie: `demo=${token}`, key, classes: `${PLAN}: a`, dictionary: PLAN });
      expect(await view.verdict.textContent()).toBe('It opens.');
      for (const summary of ['Share link', 'Summary for a bug ticket', 'Code that reads this cookie'])
        await view.unfold(summary);
      await page.locator('#tab-header').click();
      await page.locator('#view-header textarea').fill(`Cookie: a=${PLAN}`);
      await page.locator('#tab-seal').click();
      await page.locator('#seal-value').fill(`{"plan": "${PLAN}"}`);
      await page.locator('#view-seal [data-subject]').evaluate(fill, PLAN);
      await page.locator(`#tab-${name}`).click();
      const before = await held(page);
      const secrets = [PLAN, token, token.slice(40, 80), key, key.slice(9)];
      expect(secrets.filter((text) => before.includes(text))).toEqual(secrets);

      await page.evaluate(() =>
        addEventListener('pageshow', ({ persisted }) => Reflect.set(globalThis, 'isTheSame', persisted)),
      );
      await page.goto(`${site.origin}/`);
      await page.evaluate(() => void setTimeout(() => history.back())); // Playwright's goBack waits for a load, and there is none
      await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'isTheSame'))).toBe(true);
      const after = await held(page);
      expect(secrets.filter((text) => after.includes(text))).toEqual([]);
      expect(await view.key.count()).toBe(name === 'open' ? 1 : 0); // the fields are where they were
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
}

/** Everything that is written on the page or typed into it. */
function held(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
    return [location.href, document.documentElement.outerHTML, ...Array.from(fields, ({ value }) => value)].join('\n');
  });
}

function fill(element: Element, text: string): void {
  if (element instanceof HTMLInputElement) element.value = text;
  element.dispatchEvent(new Event('input', { bubbles: true }));
}
