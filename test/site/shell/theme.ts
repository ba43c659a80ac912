/** Light, dark, or as the system has it: on every kind of page, from the first paint on. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { lowContrast } from '../support/contrast.ts';
import type { Site } from '../support/site.ts';

const KINDS = ['/', '/playground/', '/tutorials/codec/', '/404.html'];

export function themeTests(site: Site): void {
  it.each(KINDS)('%s follows the system, also when that changes', async (path) => {
    const { page } = await site.open(path, { colorScheme: 'dark' });
    expect(await themeOf(page)).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => themeOf(page)).toBe('light');
    await page.context().close();
  });

  it.each(KINDS)('%s has had no other theme than the chosen one by the time it is painted', async (path) => {
    const { page } = await site.open(path, { colorScheme: 'light' });
    await picker(page).selectOption('dark');
    await page.addInitScript(() => {
      const seen: (string | undefined)[] = [];
      Reflect.set(globalThis, 'seenThemes', seen);
      const look = () => {
        if (document.body !== null) seen.push(document.documentElement.dataset['theme']);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.reload();
    await page.waitForFunction(() => Reflect.get(globalThis, 'seenThemes').length > 2);
    expect(new Set(await page.evaluate(() => Reflect.get(globalThis, 'seenThemes')))).toEqual(new Set(['dark']));
    await page.context().close();
  });

  it('one choice holds on every page, is shown there, and "System" takes it back', async () => {
    const { page } = await site.open('/', { colorScheme: 'light' });
    await picker(page).selectOption('dark');
    for (const path of KINDS) {
      await page.goto(site.origin + path);
      expect(await themeOf(page), path).toBe('dark');
      expect(await picker(page).inputValue(), path).toBe('dark');
    }
    await picker(page).selectOption('auto');
    expect(await themeOf(page)).toBe('light');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await page.context().close();
  });

  it('works where storage is refused', async () => {
    const { page, complaints } = await site.open('/', { colorScheme: 'light' });
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('refused', 'SecurityError');
      };
      Object.defineProperty(globalThis, 'localStorage', { get: refuse });
    });
    await page.reload();
    await picker(page).selectOption('dark');
    expect(await themeOf(page)).toBe('dark');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('can be read: %s', async (colorScheme) => {
    for (const path of KINDS) {
      const { page } = await site.open(path, { colorScheme });
      expect(await lowContrast(page), path).toEqual([]);
      await page.context().close();
    }
  });

  it('colours code, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await site.open('/', { colorScheme });
      const colours = await page
        .locator('.ec-line span')
        .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
      expect(colours).toBeGreaterThan(3);
      await page.context().close();
    }
  });

  it('nothing moves by itself where motion is not wanted', async () => {
    for (const path of KINDS) {
      const { page } = await site.open(path, { reducedMotion: 'reduce' });
      expect(await page.evaluate(() => document.getAnimations().length), path).toBe(0);
      await page.context().close();
    }
  });
}

const picker = (page: Page) => page.getByRole('combobox', { name: 'Theme' }).first();
const themeOf = (page: Page) => page.locator('html').getAttribute('data-theme');
