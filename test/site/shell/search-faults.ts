/** The search while its index is still on its way, where its index is broken, and while an input method puts a word together. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { Site } from '../support/site.ts';

export function searchFaultTests(site: Site): void {
  describe('Enter before the index has loaded', () => {
    it('goes to the first result once the index is there', async () => {
      const { page, deliver } = await openWithLateIndex(site);
      await page.keyboard.type('Make a key');
      await page.keyboard.press('Enter');
      deliver();
      await page.waitForURL('**/tutorials/codec/#make-a-key');
      expect(await page.getByRole('dialog', { name: 'Search' }).isVisible()).toBe(false);
      await page.context().close();
    });

    it.each([
      ['the words have changed', ['Space', 'a']],
      ['the search was closed and opened again', ['Escape', '/']],
    ])('goes nowhere if %s', async (_what, keys) => {
      const { page, deliver } = await openWithLateIndex(site);
      await page.keyboard.type('make');
      await page.keyboard.press('Enter');
      for (const key of keys) await page.keyboard.press(key);
      deliver();
      await page.locator('[data-search-results] a').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/404.html');
      expect(await page.getByRole('dialog', { name: 'Search' }).isVisible()).toBe(true);
      await page.context().close();
    });

    it('goes nowhere if the search has closed', async () => {
      const { page, deliver } = await openWithLateIndex(site);
      await page.keyboard.type('Make a key');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      deliver();
      await expect.poll(() => page.locator('[data-search-results] a').count()).toBeGreaterThan(0);
      expect(new URL(page.url()).pathname).toBe('/404.html');
      await page.context().close();
    });
  });

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

/** A page with the search open, whose index stays on its way until `deliver` is called. */
async function openWithLateIndex(site: Site): Promise<{ page: Page; deliver: () => void }> {
  const { page } = await site.open('/404.html');
  let deliver = () => {};
  const isDelivered = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.route('**/search-index.js', async (route) => {
    await isDelivered;
    await route.continue();
  });
  await page.reload(); // a route is sure to be taken only by a page that was loaded after it was laid
  await page.keyboard.press('/');
  await page.getByText('Loading the index').waitFor();
  return { page, deliver };
}
