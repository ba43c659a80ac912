/** The playground's Seal, Rotate and Header views as their visitors see them. */
import type { BrowserContextOptions, Locator, Page } from 'playwright';
import { untilReady, type WatchedPage } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

export const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
export const OTHER_KEY = 'sealring_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8Eet0';

export interface Tool extends WatchedPage {
  /** The view that shows. */
  root: Locator;
  button(name: string): Locator;
  /** The first key, whatever stood there before. */
  useKey(text: string): Promise<void>;
  close(): Promise<void>;
}

export async function openTool(
  site: Site,
  view: 'Seal' | 'Rotate' | 'Header',
  options?: BrowserContextOptions,
): Promise<Tool> {
  const watched = await site.open('/playground/', options);
  const { page } = watched;
  await untilReady(page);
  watched.requests.length = 0;
  await page.getByRole('tab', { name: view }).click();
  const root = page.locator(`#view-${view.toLowerCase()}`);
  return {
    ...watched,
    root,
    button: (name) => root.getByRole('button', { name, exact: true }),
    useKey: (text) => root.locator('[data-key]').first().fill(text),
    close: () => page.context().close(),
  };
}

/** Buttons, fields and summaries that are smaller than 24 by 24 pixels, by what is on them. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.locator('main').evaluate((main) => {
    const targets = [
      ...main.querySelectorAll('button, select, textarea, summary, input:not([type=radio], [type=checkbox])'),
    ];
    return targets.flatMap((target) => {
      const { width, height } = target.getBoundingClientRect();
      const isShown = target.checkVisibility({ visibilityProperty: true }) && width > 0;
      return isShown && (width < 24 || height < 24) ? [`${target.textContent || target.id}: ${width} x ${height}`] : [];
    });
  });
}
