/** axe-core on every kind of page and every state of the playground: light and dark, 360 and 1280 pixels wide. */
import { expect, it } from 'vitest';
import { findViolations } from '../support/axe.ts';
import type { Site } from '../support/site.ts';
import { arrive, CHANGED, opening, STATES, stateOf, unfold } from './states.ts';

export function accessibilityTests(site: Site): void {
  it.each(STATES)('axe finds nothing: %s', async (name) => {
    const { page } = await site.open('/404.html', { reducedMotion: 'reduce' });
    await arrive(page, site.origin, stateOf(site, name));
    const found: Record<string, string[]> = {};
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((theme) => document.documentElement.dataset['theme'] === theme, colorScheme);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const violations = await findViolations(page);
        if (violations.length > 0) found[`${colorScheme}, ${width}`] = violations;
      }
    }
    expect(found).toEqual({});
    await page.context().close();
  });

  // WCAG 2.4.11: the verdict sticks to the edges of a small screen, over what is scrolled beneath it.
  it.each(['Tab', 'Shift+Tab'])('on a small screen nothing lies over what %s leads to', async (key) => {
    const { page } = await site.open('/404.html', {
      viewport: { width: 360, height: 640 },
      reducedMotion: 'reduce',
    });
    await arrive(page, site.origin, { name: 'changed', path: opening(CHANGED), prepare: unfold });
    const reached = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press(key);
      // A browser may scroll a little later.
      await expect.poll(() => page.evaluate(findCovered), { message: `press ${presses + 1}` }).toBe('');
      reached.add(await page.evaluate(() => document.activeElement?.outerHTML ?? ''));
    }
    expect(reached.size).toBeGreaterThan(40);
    await page.context().close();
  });
}

/** In the page: what has the focus, if nothing of it shows: not its middle, its edges or its corners. */
function findCovered(): string {
  const focused = document.activeElement ?? document.body;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const isSeenAt = (across: number, down: number) => {
    const at = document.elementFromPoint(left + across * width, top + down * height);
    return at !== null && (focused.contains(at) || (at.contains(focused) && !at.matches('.verdict')));
  };
  const shares = [0.05, 0.5, 0.95];
  return shares.some((across) => shares.some((down) => isSeenAt(across, down))) ? '' : focused.outerHTML.slice(0, 120);
}
