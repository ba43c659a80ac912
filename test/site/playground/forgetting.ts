/** What must not stay on the page after its keys are forgotten, or all of it: also in views and panels that do not show. */
import { generateKey, keyIdOf } from '@sealring/codec';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';

export function forgettingTests(site: Site): void {
  const leave = (page: Page) =>
    page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  const textOf = async (page: Page, selector: string) =>
    (await page.locator(selector).allTextContents()).join('').trim();

  it.each(['Seal', 'Rotate', 'Header'])('all is forgotten, also where %s is in front', async (tab) => {
    const { page, view, complaints } = await openPlayground(site);
    await view.example('A session that opens');
    await view.unfold('Share link');
    await view.unfold('Summary for a bug ticket');
    await view.root.getByLabel('with the payload').check();
    const token = (await view.token.textContent()) ?? '';
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await leave(page);
    const left = await view.root.evaluate((root) => {
      const fields = [...root.querySelectorAll('input, textarea')].map((field) => Reflect.get(field, 'value'));
      return [root.innerHTML, ...fields].join('\n');
    });
    // Not the text itself: a failure would print all of it.
    expect({ token: left.includes(token), values: left.includes('Zoë') }).toEqual({ token: false, values: false });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('keys that are forgotten in another view are gone from the Rotate view', async () => {
    const { page, view } = await openPlayground(site);
    const key = generateKey();
    await view.fill({ key });
    await page.getByRole('tab', { name: 'Rotate' }).click();
    const ids = () => textOf(page, '#view-rotate [data-key-id=A]');
    expect(await ids()).toBe(keyIdOf(key));
    await page.getByRole('tab', { name: 'Open' }).click();
    await view.button('Forget keys').click();
    expect(await ids()).toBe('dbc0e2'); // that of the demo
    await page.context().close();
  });

  it.each(['Seal', 'Open'])('a token that was sealed is gone with all else, from the %s view', async (from) => {
    const { page } = await openPlayground(site, '#view=seal&key=demo-1');
    const view = page.locator('#view-seal');
    await view.getByRole('button', { name: 'Too large' }).click();
    const made = '#view-seal :is([data-token], [data-bar], [data-legend], [data-line], [data-largest-keys])';
    expect(await textOf(page, made)).toContain('history');
    await view.getByRole('button', { name: 'A login' }).click();
    expect(await textOf(page, made)).toContain('Set-Cookie');
    await page.getByRole('tab', { name: from }).click();
    await leave(page);
    expect(await textOf(page, made)).toBe('');
    await page.context().close();
  });

  it('a program is gone when its panel is closed', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('A session that opens');
    await view.unfold('Code that reads this cookie');
    const code = () => textOf(page, '#view-open [data-code]');
    await expect.poll(code).toContain('session');
    await view.root.getByText('Code that reads this cookie').click();
    await expect.poll(code).toBe('');
    await page.context().close();
  });

  it('a max age is gone, also where one was typing it; and half a number is left to whoever types it', async () => {
    const { page, view } = await openPlayground(site);
    const field = view.root.getByLabel('Max age, s');
    await field.focus();
    await page.keyboard.type('1e');
    await page.keyboard.type('3');
    expect(await view.root.locator('[data-max-age-text]').textContent()).toBe('= 1000 seconds');
    expect(await field.inputValue()).toBe('1e3');
    await leave(page);
    expect(await field.inputValue()).toBe('');
    await page.context().close();
  });
}
