/** Stories: without a mouse, on a small screen, in forced colours, without scripts. */
import { createSealer } from '@sealring/codec';
import { expect, it } from 'vitest';
import { sidewaysScroll } from '../support/chromium.ts';
import { lowContrast } from '../support/contrast.ts';
import { tabTo } from '../support/keyboard.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const EXAMPLES = [
  'A session that opens',
  'Expired',
  'One bit changed',
  'Wrong name',
  'Wrong key',
  'Signed',
  'Only an id',
  'A class',
];

export function visitingTests(site: Site): void {
  it('is used with the keyboard alone, and shows where one is: paste, key, failing check, payload, link', async () => {
    const { page, view, complaints } = await openPlayground(site, '', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(
      { user: 42 },
      { now: 1_700_000_000 },
    );
    await tabTo(page, '#tab-open');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#view-seal').isVisible()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await tabTo(page, '[data-pasted]');
    await page.keyboard.insertText(`demo=${token}`);
    await tabTo(page, '[data-key]');
    await page.keyboard.insertText(KEY);
    await tabTo(page, '[data-max-age]');
    await page.keyboard.insertText('60');
    expect(await view.failed()).toBe('age ERR_SEAL_EXPIRED');
    await tabTo(page, '[data-check="age"] .where');
    await tabTo(page, '.code');
    await tabTo(page, '[data-payload-tabs] [aria-selected="true"]');
    await tabTo(page, '[role="treeitem"]');
    await page.keyboard.press('ArrowRight');
    expect(await view.item.textContent()).toContain('Byte');
    await tabTo(page, '[data-hex]');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, '[data-share] > summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-copy-link]');
    await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`token=${token}`);
    await tabTo(page, '.site-header a', { key: 'Shift+Tab', most: 120 }); // no trap on the way back
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('reads the verdict out once typing has paused', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('Wrong key');
    const region = view.root.locator('[data-announce][role="status"]');
    await region.getByText('ERR_SEAL_KEY_UNKNOWN').waitFor({ state: 'attached' });
    expect(await region.textContent()).toContain((await view.verdict.textContent()) ?? '?');
    await page.context().close();
  });

  it('tells segments apart in forced colours', async () => {
    const { page, view } = await openPlayground(site, '', { forcedColors: 'active' });
    await view.example('A session that opens');
    const looks = await view.token.locator('.piece').evaluateAll((pieces) =>
      pieces.map((piece) => {
        const { textDecorationStyle, textDecorationThickness } = getComputedStyle(piece);
        return `${textDecorationStyle} ${textDecorationThickness}`;
      }),
    );
    expect(new Set(looks).size).toBe(looks.length);
    await page.context().close();
  });

  it('fits a small screen in every state, with targets that a finger meets', async () => {
    const { page, view } = await openPlayground(site, '', { viewport: { width: 360, height: 640 } });
    expect(await sidewaysScroll(page)).toBe(0);
    for (const name of EXAMPLES) {
      await view.example(name);
      expect(await sidewaysScroll(page), name).toBe(0);
    }
    for (const summary of [
      'Clock',
      'Classes and dictionary',
      'Purpose and context',
      'Tamper with it',
      'Share link',
      'Summary for a bug ticket',
    ]) {
      await view.unfold(summary);
    }
    for (const name of ['Types', 'CBOR', 'Annotated']) await view.root.getByRole('tab', { name }).click();
    await page.locator('.proof > summary').click();
    expect(await sidewaysScroll(page)).toBe(0);
    const small = await page
      .locator('.playground :is(button, input, select, textarea, summary):visible')
      .evaluateAll((elements) =>
        elements.flatMap((element) => {
          const { width, height } = element.getBoundingClientRect();
          return width < 24 || height < 24 ? [`${element.id || element.textContent}: ${width} x ${height}`] : [];
        }),
      );
    expect(small).toEqual([]);
    await page.context().close();
  });

  it('keeps the verdict in sight on a small screen', async () => {
    const { page, view } = await openPlayground(site, '', { viewport: { width: 360, height: 640 } });
    await view.example('Wrong key');
    for (const part of [view.key, view.token]) {
      await part.scrollIntoViewIfNeeded();
      const box = await view.verdict.boundingBox();
      expect(box && box.y >= 0 && box.y + box.height <= 640).toBe(true);
    }
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('can be read in every state: %s', async (colorScheme) => {
    const { page, view } = await openPlayground(site, '', { colorScheme });
    expect(await lowContrast(page)).toEqual([]);
    for (const name of EXAMPLES) {
      await view.example(name);
      expect(await lowContrast(page), name).toEqual([]);
    }
    await view.unfold('Tamper with it');
    for (const button of await view.root.locator('[data-flip-segments] button').all()) await button.click();
    await view.unfold('Share link');
    await view.example('A class');
    await view.root.getByRole('tab', { name: 'Types' }).click();
    expect(await lowContrast(page)).toEqual([]);
    await page.context().close();
  });

  it('says what it needs where scripts are off', async () => {
    const { page } = await site.open('/playground/', { javaScriptEnabled: false });
    expect(await page.locator('.playground noscript').textContent()).toContain('needs JavaScript');
    await page.context().close();
  });
}
