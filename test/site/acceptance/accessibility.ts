/** axe-core on every kind of page and every state of the playground: light and dark, 360 and 1280 pixels wide. */
import { expect, it } from 'vitest';
import { findViolations } from '../support/axe.ts';
import type { Site } from '../support/site.ts';
import { arrive, PLAYGROUND, pageStates, type State } from './states.ts';

export function accessibilityTests(site: Site): void {
  it('axe finds nothing on any kind of page', () => expectNothing(site, pageStates(site)), 120_000);

  it.each(PLAYGROUND.map((state) => [state.name, state] as const))('axe finds nothing: %s', (_name, state) =>
    expectNothing(site, [state]),
  );
}

async function expectNothing(site: Site, states: readonly State[]): Promise<void> {
  const { page } = await site.open('/404.html', { reducedMotion: 'reduce' });
  const found: Record<string, string[]> = {};
  for (const state of states) {
    await arrive(page, site.origin, state);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((theme) => document.documentElement.dataset['theme'] === theme, colorScheme);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const violations = await findViolations(page);
        if (violations.length > 0) found[`${state.name}, ${colorScheme}, ${width}`] = violations;
      }
    }
  }
  expect(found).toEqual({});
  await page.context().close();
}
