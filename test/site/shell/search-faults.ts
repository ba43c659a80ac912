/** The search where its index is none, and where Enter belongs to the keyboard of a script that is put together. */
import { expect, it } from 'vitest';
import type { Site } from '../support/site.ts';

export function searchFaultTests(site: Site): void {
  it.each([
    [
      'is another’s',
      `document.dispatchEvent(new CustomEvent('search-index', { detail: '{"serializationVersion":99}' }))`,
    ],
    ['is cut short', `document.dispatchEvent(new CustomEvent('search-`],
    ['is empty', ''],
  ])('says so where the index %s, and tries again', async (_what, body) => {
    const { page } = await site.open('/404.html');
    await page.route('**/search-index.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
    await page.goto(`${site.origin}/`); // after the route is laid
    await page.keyboard.press('/');
    await page.getByText('The index did not load').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-search-dialog]').waitFor({ state: 'hidden' });
    await page.unroute('**/search-index.js');
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('nonce');
    await page.locator('[data-search-results] a').first().waitFor();
    await page.context().close();
  });

  it('Enter that ends the composition of a word follows no link', async () => {
    const { page } = await site.open('/');
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox');
    await field.fill('nonce');
    await page.locator('[data-search-results] a').first().waitFor();
    const isLeft = await field.evaluate((input) =>
      input.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      ),
    );
    expect(isLeft).toBe(true);
    expect(await page.getByRole('dialog', { name: 'Search' }).isVisible()).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/');
    await page.context().close();
  });
}
