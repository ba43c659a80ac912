/** One walk over every built page: what the browser complains of, what is too small for a finger, what does not fit. */
import { beforeAll, expect, it } from 'vitest';
import { findSmallTargets } from '../support/axe.ts';
import { readPages } from '../support/built-pages.ts';
import { sidewaysScroll, type WatchedPage } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

const WIDTHS = [
  ['360 by 640 pixels', 360],
  ['1280 pixels at 200 %', 640],
  ['1280 pixels at 400 %', 320], // WCAG 1.4.10
] as const;

export function everyPageTests(site: Site): void {
  const tooWide: Record<string, string[]> = {};
  const small: string[] = [];
  const searched = new Set<string>();
  let watched: WatchedPage;

  beforeAll(async () => {
    watched = await site.open('/404.html', { colorScheme: 'dark', hasTouch: true });
    const { page } = watched;
    for (const path of readPages(site).keys()) {
      await page.goto(site.origin + path);
      for (const [name, width] of WIDTHS) {
        await page.setViewportSize({ width, height: 640 });
        if ((await sidewaysScroll(page)) > 0) (tooWide[name] ??= []).push(path);
        if (width === 360 && !isOneOfMany(path))
          small.push(...(await findSmallTargets(page)).map((what) => `${path} ${what}`));
      }
      await searchOnce(path);
    }
    return () => page.context().close();
  }, 900_000); // for all pages together: what hangs on one of them ends by the limit of its own step

  it('nothing on any page is stopped by its own policy, with the search used on every kind of page', () => {
    expect(watched.complaints).toEqual([]);
    expect(searched.size).toBeGreaterThan(3);
  });

  it('no page asks another server for anything', () => {
    const { requests } = watched;
    expect(requests.length).toBeGreaterThan(readPages(site).size);
    expect(requests.filter((url) => !url.startsWith(`${site.origin}/`) && !url.startsWith('data:'))).toEqual([]);
  });

  it.each(WIDTHS.map(([name]) => name))('no page scrolls sideways: %s', (name) => {
    expect(tooWide[name] ?? []).toEqual([]);
  });

  it('what is pressed on a page is 24 by 24 pixels, or apart from others', () => {
    expect(small).toEqual([]);
  });

  async function searchOnce(path: string): Promise<void> {
    const { page } = watched;
    const kind = path.split('/')[1] ?? '';
    if (searched.has(kind) || (await page.locator('[data-search-open]').count()) === 0) return;
    searched.add(kind);
    await page.locator('[data-search-open]').click();
    await page.locator('[data-search-field]').fill('seal');
    await page.locator('[data-search-results] a').first().waitFor();
    await page.keyboard.press('Escape');
  }
}

/** The pages made from the sources' comments are all alike: two packages' functions stand for them. */
const isOneOfMany = (path: string) => path.startsWith('/api/') && !path.startsWith('/api/codec/functions/');
