/** What the visitor's system asks of a page: forced colours and less motion, on every kind of page. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { findMissingOutline } from '../support/keyboard.ts';
import type { Site } from '../support/site.ts';
import { arrive, STATES, stateOf } from './states.ts';

export function preferenceTests(site: Site): void {
  describe('with forced colours what is chosen looks different from what is not, and what has the focus shows it', () => {
    it.each(STATES)('%s', async (name) => {
      const { page } = await site.open('/404.html', { forcedColors: 'active', colorScheme: 'dark' });
      await arrive(page, site.origin, stateOf(site, name));
      expect(await findAlike(page)).toEqual([]);
      for (let presses = 0; presses < 12; presses++) {
        await page.keyboard.press('Tab');
        expect(await findMissingOutline(page)).toBe('');
      }
      await page.context().close();
    });
  });

  describe('with less motion nothing moves, grows or fades', () => {
    it.each(STATES)('%s', async (name) => {
      const { page } = await site.open('/404.html', { reducedMotion: 'reduce' });
      await arrive(page, site.origin, stateOf(site, name));
      expect([...new Set(await findMoving(page))]).toEqual([]);
      await page.context().close();
    });
  });
}

/** Chosen tabs and pressed buttons that look as their neighbours do. */
function findAlike(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const look = (element: Element) => {
      const style = getComputedStyle(element);
      const before = getComputedStyle(element, '::before');
      return [
        ...[style.color, style.backgroundColor, style.borderWidth, style.borderStyle, style.borderColor],
        ...[style.outlineStyle, style.fontWeight, style.textDecorationLine, style.textDecorationThickness],
        ...[before.content, before.backgroundColor],
      ].join();
    };
    return ['aria-selected', 'aria-pressed', 'aria-current'].flatMap((attribute) =>
      [...document.querySelectorAll(`[${attribute}]:not([${attribute}="false"])`)].flatMap((chosen) => {
        const parent = chosen.closest('li, [role="tablist"], .row') ?? chosen.parentElement;
        const others = [
          ...((chosen.matches('li *') ? (parent?.parentElement ?? parent) : parent)?.querySelectorAll(
            chosen.localName,
          ) ?? []),
        ];
        const other = others.find((each) => each !== chosen && (each.getAttribute(attribute) ?? 'false') === 'false');
        const isShown = chosen.checkVisibility() && other?.checkVisibility();
        return isShown && other && look(chosen) === look(other)
          ? [`${attribute} ${chosen.outerHTML.slice(0, 100)}`]
          : [];
      }),
    );
  });
}

/** Colours may pass into each other: that is no motion. */
function findMoving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isLasting = (durations: string) =>
      durations.split(',').some((duration) => Number.parseFloat(duration) > 0.01);
    const isStill = /^(?:none|(?:background-|border-|outline-|text-decoration-|fill|stroke)?(?:color)?|box-shadow)$/;
    return [...document.querySelectorAll('*')].flatMap((element) => {
      const style = getComputedStyle(element);
      const moves = style.transitionProperty.split(', ').filter((name) => !isStill.test(name));
      const isMoving =
        (moves.length > 0 && isLasting(style.transitionDuration)) ||
        (style.animationName !== 'none' && isLasting(style.animationDuration)) ||
        style.scrollBehavior === 'smooth';
      return isMoving
        ? [`${element.localName}.${element.getAttribute('class')}: ${style.transition} ${style.animation}`]
        : [];
    });
  });
}
