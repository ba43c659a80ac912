/** The landing page: its demo is live, its code is the README's, and it stands without scripts. */
import { createSealer } from '@sealring/codec';
import { expect, it } from 'vitest';
import { read } from '../../support/repository.ts';
import { sidewaysScroll } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
const sealer = createSealer({ keys: [secret], purpose: 'sealring:cookie:session', reserved: true });

export function landingTests(site: Site): void {
  it('seals what is typed, and opens it again', async () => {
    const { page, complaints, requests } = await site.open('/');
    await page.waitForLoadState('networkidle');
    requests.length = 0;
    await page.locator('#demo-value').fill('{"colour": "żółty", "n": [1, 2.5]}');
    const token = (await page.locator('[data-token]').textContent()) ?? '';
    expect(sealer.open(token.trim()).value).toEqual({ colour: 'żółty', n: [1, 2.5] });
    expect(await page.locator('[data-result]').textContent()).toBe('{ "colour": "żółty", "n": [ 1, 2.5 ] }');
    await page.locator('#demo-value').fill('{"colour');
    expect(await page.locator('[data-note]').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
  });

  it('shows that one changed character is noticed, and links the changed token into the playground', async () => {
    const { page } = await site.open('/');
    const button = page.getByRole('button', { name: 'Change one character' });
    await button.click();
    expect(await page.locator('[data-result]').textContent()).toMatch(/^ERR_SEAL_TAMPERED: /);
    const link = new URL((await page.locator('[data-link]').getAttribute('href')) ?? '', site.origin);
    const fields = new URLSearchParams(link.hash.slice(1));
    expect(fields.get('token')).toBe(await page.locator('[data-token]').textContent());
    await button.click();
    expect(await page.locator('[data-result]').getAttribute('data-state')).toBe('open');
    await page.context().close();
  });

  it('shows the code of the README, which has a test of its own', async () => {
    const { page } = await site.open('/');
    const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(read('packages/sessions/README.md')) ?? [];
    const lines = await page.locator('.ec-line').allTextContents();
    expect(lines.map((line) => line.replace(/\n$/, ''))).toEqual(code.trimEnd().split('\n'));
    await page.context().close();
  });

  it('without scripts shows a token that opens, what a change would do, and no button that does nothing', async () => {
    const { page } = await site.open('/', { javaScriptEnabled: false });
    const token = (await page.locator('[data-token]').textContent()) ?? '';
    expect(sealer.open(token.trim(), { now: 1767225600 }).value).toEqual({ user: 'ada', cart: ['apple', 'pear'] });
    expect(await page.locator('noscript').first().textContent()).toContain('ERR_SEAL_TAMPERED');
    for (const button of await page.getByRole('button').all()) {
      if (await button.isVisible()) expect(await button.textContent()).toBe('Menu'); // that one needs no script
    }
    await page.context().close();
  });

  it('at 360 pixels has its sections behind a button that works without scripts', async () => {
    const viewport = { width: 360, height: 640 };
    const { page } = await site.open('/', { javaScriptEnabled: false, viewport });
    const link = page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'Playground' });
    expect(await link.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await link.isVisible()).toBe(true);
    expect(await sidewaysScroll(page)).toBe(0);
    await page.context().close();
  });

  it('has targets of 24 pixels or more, and a link past the header', async () => {
    const { page } = await site.open('/', { viewport: { width: 360, height: 640 } });
    const small = await page.locator('main :is(button, input, a):visible').evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        const isInText = element.matches('p > a') && getComputedStyle(element).display === 'inline';
        return isInText || (width >= 24 && height >= 24) ? [] : [`${element.textContent}: ${width} x ${height}`];
      }),
    );
    expect(small).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.context().close();
  });
}
