/** Pages of the docs without scripts, and on paper. */
import { expect, it } from 'vitest';
import { opens } from '../../../site/src/data/reference/refusals.ts';
import { expectLeftToBrowser } from '../support/browser-keys.ts';
import { sidewaysScroll } from '../support/chromium.ts';
import { lowContrast } from '../support/contrast.ts';
import type { Site } from '../support/site.ts';

export function docsTests(site: Site): void {
  it.each(['light', 'dark'] as const)(
    'without scripts a page can be read, in the system’s theme: %s',
    async (colorScheme) => {
      const { page } = await site.open('/tutorials/codec/', { javaScriptEnabled: false, colorScheme });
      const ground = await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
      expect(ground).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(16, 22, 23)');
      expect(await lowContrast(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('the annotated token marks a field in text, bytes and list, by keyboard as by pointer', async () => {
    const { page, complaints } = await site.open('/reference/wire-format/');
    const figure = page.locator('linked-parts').first();
    const marked = () => figure.locator('.is-marked').evaluateAll((all) => all.map((each) => each.textContent?.trim()));
    await figure.getByRole('button', { name: 'Lead' }).focus();
    expect(await marked()).toEqual(['Ed', '11', expect.stringContaining('version 1, sealed')]);
    await page.keyboard.press('ArrowDown');
    const keyId = ['vA4m', 'db c0 e2', expect.stringContaining('dbc0e2')];
    expect(await marked()).toEqual(keyId);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab'); // one stop for the whole figure
    expect(await figure.evaluate((element) => element.contains(document.activeElement))).toBe(false);
    expect(await marked()).toEqual(keyId);
    await figure.locator('[data-part="6"]').first().hover();
    const tag = Buffer.from(opens.token, 'base64url').toString('hex').slice(-32).match(/../g)?.join(' ');
    expect(await marked()).toEqual([opens.token.slice(-21), tag, expect.stringContaining('Tag')]);
    await expectLeftToBrowser(figure.getByRole('button').nth(1), ['ArrowLeft', 'ArrowRight', 'Home', 'End']);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('on paper a page is its text: no header, no sidebar, links with their targets, code that wraps, dark on white', async () => {
    const { page } = await site.open('/tutorials/codec/', {
      colorScheme: 'dark',
      viewport: { width: 700, height: 900 },
    });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const gone of [
      'header.header',
      'nav.sidebar',
      'mobile-starlight-toc',
      '.right-sidebar',
      '.pagination-links',
    ]) {
      for (const element of await page.locator(gone).all()) expect(await element.isVisible(), gone).toBe(false);
    }
    const target = await page
      .locator('.sl-markdown-content a[href^="/reference/wire-format/"]')
      .first()
      .evaluate((link) => getComputedStyle(link, '::after').content);
    expect(target).toContain('/reference/wire-format/');
    expect(
      await page
        .locator('.expressive-code pre')
        .first()
        .evaluate((pre) => getComputedStyle(pre).whiteSpace),
    ).toBe('pre-wrap');
    const ground = await page
      .locator('.expressive-code pre')
      .first()
      .evaluate((pre) => getComputedStyle(pre).background);
    expect(ground).toContain('rgba(0, 0, 0, 0)'); // paper's own: what is written on it has to be dark
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await lowContrast(page)).toEqual([]);
    await page.context().close();
  });
}
