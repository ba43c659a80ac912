/** Stories: from a server's cookie to its value, without a mouse, on a small screen, and with nothing left behind. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { sidewaysScroll } from './support/chromium.ts';
import { lowContrast } from './support/contrast.ts';
import { startExample } from './support/example.ts';
import { OpenTab, SealTab } from './support/playground.ts';
import type { Site } from './support/site.ts';

export function visitorTests(site: Site): void {
  it('follows the link of the example, pastes its key and reads the session', async () => {
    const example = await startExample();
    const { page, complaints, requests } = await site.open('/playground/');
    await page.goto(example.origin);
    await page.reload(); // a second visit
    const link = new URL((await page.locator('#playground').getAttribute('href')) ?? '');
    await page.goto(`${example.origin}/key`);
    const key = (await page.locator('#key').textContent()) ?? '';
    await page.goto(site.origin + link.pathname + link.hash);
    await page.waitForLoadState('networkidle');
    const tab = new OpenTab(page);
    expect(await tab.purpose.inputValue()).toBe('cookie:demo');
    complaints.length = requests.length = 0; // the example has no icon
    await tab.key.fill(key);
    expect(await tab.verdict.textContent()).toBe('It opens.');
    expect(await tab.failed()).toBe('none');
    expect(await tab.value.textContent()).toMatch(
      /^\{\n {2}"visits": 2,\n {2}"lastVisit": \{"\$date": "\d{4}-[^"]*"\},\n {2}"cart": \{"\$map": \[\["pear", 1\], \["plum", 1\]\]\}\n\}$/,
    );
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
    await example.stop('SIGTERM');
  });

  it('asks for nothing once it is loaded, and leaves the key nowhere', async () => {
    const { page, complaints, requests } = await site.open('/playground/');
    const seal = new SealTab(page);
    await page.waitForLoadState('networkidle'); // the browser fetches the icon when it likes
    requests.length = 0;
    await page.context().setOffline(true);
    const key = await seal.key.inputValue();
    await seal.button('Show').click();
    await seal.value.fill('{"a": 1}');
    await seal.flip(20);
    await seal.button('Undo all').click();
    await seal.button('Open this token').click();
    const open = new OpenTab(page);
    expect(await open.verdict.textContent()).toBe('It opens.');
    const kept = await page.evaluate(() =>
      [
        location.href,
        document.title,
        document.cookie,
        JSON.stringify(history.state),
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
      ].join('\n'),
    );
    expect(kept).not.toContain(key.slice(9, 40));
    expect(await page.evaluate(async () => (await indexedDB.databases()).length + (await caches.keys()).length)).toBe(
      0,
    );
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('forgets the keys when one leaves and comes back', async () => {
    const { page } = await site.open('/playground/');
    const [seal, open] = [new SealTab(page), new OpenTab(page)];
    const key = await seal.key.inputValue();
    await seal.button('Open this token').click();
    expect(await open.key.inputValue()).toBe(key);
    await page.goto(`${site.origin}/`);
    await page.goBack();
    await page.locator('[data-ready]').waitFor();
    expect(await open.key.inputValue()).toBe('');
    expect(await seal.key.inputValue()).not.toBe(key);
    await page.context().close();
  });

  it('works with the keyboard alone: type, flip, open, read', async () => {
    const { page, complaints } = await site.open('/playground/');
    const [seal, open] = [new SealTab(page), new OpenTab(page)];
    await tabTo(page, '#seal-value');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('["typed", {"$set": [1]}]');
    expect(await seal.failed()).toBe('none');
    await tabTo(page, '[data-position]');
    for (let presses = 0; presses < 20; presses++) await page.keyboard.press('ArrowRight');
    expect(await seal.slider.inputValue()).toBe('21');
    await tabTo(page, '[data-flip]');
    await page.keyboard.press('Enter');
    expect(await seal.failed()).toBe('The tag fits ERR_SEAL_TAMPERED');
    await tabTo(page, '[data-unflip]');
    await page.keyboard.press('Space');
    expect(await seal.failed()).toBe('none');
    await tabTo(page, '[data-open-it]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-open');
    expect(await open.value.textContent()).toBe('["typed", {"$set": [1]}]');
    await page.keyboard.press('ArrowLeft');
    expect(await seal.root.isVisible()).toBe(true);
    await page.keyboard.press('ArrowRight');
    expect(await open.root.isVisible()).toBe(true);
    await tabTo(page, '#open-purpose');
    await page.keyboard.type('x');
    expect(await open.failed()).toBe('The tag fits ERR_SEAL_TAMPERED');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows where the focus is, on everything that takes it', async () => {
    const { page } = await site.open('/playground/');
    await tabTo(page, '#tab-seal');
    for (let stops = 0; stops < 18; stops++) {
      const outline = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
        return `${document.activeElement?.id || document.activeElement?.textContent?.trim()}: ${outlineStyle} ${outlineWidth}`;
      });
      expect(outline).toMatch(/: (auto|solid) [1-9]/);
      await page.keyboard.press('Tab');
    }
    await page.context().close();
  });

  it('fits 360 pixels with a long token, every type and every message, and its targets are large enough', async () => {
    const { page } = await site.open('/playground/', { viewport: { width: 360, height: 640 } });
    const [seal, open] = [new SealTab(page), new OpenTab(page)];
    await page.getByText('How to write dates').click();
    await seal.value.fill(JSON.stringify('long'.repeat(900)));
    expect(await sidewaysScroll(page)).toBe(0);
    await seal.value.fill(`{"a": ${'x'.repeat(200)}`);
    expect(await sidewaysScroll(page)).toBe(0);
    await seal.button('Every type').click();
    await seal.button('Open this token').click();
    expect(await sidewaysScroll(page)).toBe(0);
    await open.purpose.fill('another');
    expect(await sidewaysScroll(page)).toBe(0);
    const small = await page
      .locator('.playground :is(button, input, select, textarea):visible')
      .evaluateAll((elements) =>
        elements.flatMap((element) => {
          const { width, height } = element.getBoundingClientRect();
          return width < 24 || height < 24 ? [`${element.id || element.textContent}: ${width} x ${height}`] : [];
        }),
      );
    expect(small).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('can be read in every state: %s', async (colorScheme) => {
    const { page } = await site.open('/playground/', { colorScheme });
    const [seal, open] = [new SealTab(page), new OpenTab(page)];
    await page.getByText('How to write dates').click();
    const { length } = await seal.token();
    for (const position of [0, 3, 8, 20, 60, length - 1]) await seal.flip(position); // one of each part
    expect(await lowContrast(page)).toEqual([]);
    await seal.value.fill('{');
    expect(await lowContrast(page)).toEqual([]);
    await seal.button('A session').click();
    await seal.button('Open this token').click();
    expect(await lowContrast(page)).toEqual([]);
    await open.purpose.fill('another');
    expect(await lowContrast(page)).toEqual([]);
    await page.context().close();
  });

  it('says what it needs where scripts are off', async () => {
    const { page } = await site.open('/playground/', { javaScriptEnabled: false });
    expect(await page.locator('noscript').textContent()).toContain('needs JavaScript');
    await page.context().close();
  });
}

/** Presses Tab until the focus is on the element; fails where it never comes there. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The keyboard does not get to ${selector}`);
}
