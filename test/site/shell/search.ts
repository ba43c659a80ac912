/** The search: from its key to the section that was meant, on every kind of page that has it. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { sidewaysScroll } from '../support/chromium.ts';
import { lowContrast } from '../support/contrast.ts';
import type { Site } from '../support/site.ts';

const KINDS = ['/', '/tutorials/codec/', '/reference/wire-format/', '/api/codec/functions/createsealer/', '/404.html'];

export function searchTests(site: Site): void {
  it.each(KINDS)('from %s: `/`, words, an arrow and Enter lead to the heading, without a complaint', async (path) => {
    const { page, complaints, requests } = await site.open(path);
    await page.waitForLoadState('networkidle');
    expect(requests.filter((url) => url.includes('search-index'))).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('token layout');
    await results(page).first().waitFor();
    expect(requests.filter((url) => url.includes('search-index'))).toHaveLength(1);
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('2. Token layout');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/reference/wire-format/#2-token-layout');
    expect(await dialog(page).isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('opens with Ctrl+K, goes on to the first result with Enter, and closes with Escape', async () => {
    const { page } = await site.open('/tutorials/codec/');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    expect(await dialog(page).isVisible()).toBe(false);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Make a key');
    await results(page).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/tutorials/codec/#make-a-key');
    await page.context().close();
  });

  it('shows page, heading and the words found in what is said there', async () => {
    const { page } = await site.open('/tutorials/codec/');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('checksum scanners');
    const found = results(page).filter({ hasText: '1. Secrets and key ids' }).first();
    expect(await found.locator('.page').textContent()).toBe('The Sealring token format, version 1');
    expect(await found.locator('.where').textContent()).toContain('1. Secrets and key ids');
    expect(await found.locator('mark').allTextContents()).toContain('checksum');
    expect(await dialog(page).getByRole('status').textContent()).toMatch(/^\d+ results?$/);
    await page.context().close();
  });

  it('finds codes and names by their parts, and puts pages before the lists made from the sources', async () => {
    const { page } = await site.open('/');
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox');
    await field.fill('tampered');
    await expect // the index may still be on its way
      .poll(() => results(page).allTextContents())
      .toEqual(expect.arrayContaining([expect.stringContaining('ERR_SEAL_TAMPERED')]));
    await field.fill('nonce');
    expect(await results(page).first().getAttribute('href')).not.toMatch(/^\/api\//);
    await field.fill('zzzzzz');
    expect(await dialog(page).getByRole('status').textContent()).toBe('Nothing found');
    await page.context().close();
  });

  it('takes what was typed as words and no more', async () => {
    const { page, complaints } = await site.open('/');
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox');
    await field.fill('nonce');
    await results(page).first().waitFor(); // before that there is no index to look the words up in
    for (const typed of ['<img src=x>', '(((', '.*', '\\', '__proto__', 'a'.repeat(5000), '  ']) {
      await field.fill(typed);
      const said = typed.trim() === '' ? /^$/ : /^(?:Nothing found|\d+ results?)$/;
      expect(await dialog(page).getByRole('status').textContent(), typed).toMatch(said);
      expect(await page.locator('[data-search-results] img').count(), typed).toBe(0);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('closes at the first Escape, and keeps the words for the next time', async () => {
    const { page } = await site.open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('nonce');
    await page.keyboard.press('Escape');
    expect(await dialog(page).isVisible()).toBe(false);
    await page.keyboard.press('/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('nonce');
    await page.keyboard.type('maxAge'); // the words are selected, so new ones replace them
    expect(await page.getByRole('searchbox').inputValue()).toBe('maxAge');
    await page.context().close();
  });

  it('opens again when `/` comes right after Escape', async () => {
    const { page } = await site.open('/404.html'); // nothing has the focus, so there is nothing to give it back to
    let lost = 0;
    for (let turn = 0; turn < 40; turn++) {
      await page.keyboard.press('/');
      if (!(await dialog(page).isVisible())) lost++;
      await page.keyboard.press('Escape');
    }
    expect(lost).toBe(0);
    await page.keyboard.press('/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    await page.context().close();
  });

  it('does not take `/` from a field', async () => {
    const { page } = await site.open('/');
    await page.locator('#demo-value').focus();
    await page.keyboard.type('/');
    expect(await dialog(page).isVisible()).toBe(false);
    expect(await page.locator('#demo-value').inputValue()).toContain('/');
    await page.context().close();
  });

  it('says so where the index does not load, and tries again', async () => {
    const { page } = await site.open('/');
    await page.context().setOffline(true);
    await page.keyboard.press('/');
    await page.getByText('The index did not load').waitFor();
    await page.keyboard.press('Escape');
    await page.context().setOffline(false);
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('nonce');
    await results(page).first().waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('fits 360 pixels and can be read: %s', async (colorScheme) => {
    const { page } = await site.open('/tutorials/codec/', { colorScheme, viewport: { width: 360, height: 640 } });
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('session');
    await results(page).first().waitFor();
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await lowContrast(page)).toEqual([]);
    const { x = -1, width = 999 } = (await dialog(page).boundingBox()) ?? {};
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(360);
    await page.context().close();
  });
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const results = (page: Page) => page.locator('[data-search-results] a');
