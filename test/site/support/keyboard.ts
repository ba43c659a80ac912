/** A page and the Tab key -> the focus on the element that is wanted, which shows at every stop on the way. */
import type { Page } from 'playwright';

/** By a selector, or by all the text of the element. */
type Target = string | { readonly text: string };

export interface Way {
  readonly key?: 'Tab' | 'Shift+Tab';
  /** Presses after which it counts as not reached. */
  readonly most?: number;
}

/** Presses Tab until the focus is there; fails where it never comes there, and where a stop before does not show that it has the focus. */
export async function tabTo(page: Page, target: Target, { key = 'Tab', most = 80 }: Way = {}): Promise<void> {
  const unseen: string[] = [];
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press(key);
    const missing = await findMissingOutline(page);
    if (missing !== '') unseen.push(missing);
    const isThere = await page.evaluate((wanted) => {
      const focused = document.activeElement;
      return typeof wanted === 'string' ? focused?.matches(wanted) : focused?.textContent === wanted.text;
    }, target);
    if (!isThere) continue;
    if (unseen.length > 0) throw new Error(`No focus is to be seen on ${unseen.join('\n')}`);
    return;
  }
  throw new Error(`The keyboard does not get to ${typeof target === 'string' ? target : `“${target.text}”`}`);
}

/** What has the focus, where no line around it or around a part of it says so; else an empty text. */
export function findMissingOutline(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return '';
    // Then the calendar button inside it has the focus, around which Chromium draws a line that no script can ask for.
    if (focused.matches('input[type="datetime-local"]:not(:focus-visible)')) return '';
    const hasOutline = (element: Element) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      const isClear = /^(?:transparent|rgba\(.*, 0\)|.* \/ 0\))$/.test(outlineColor);
      return outlineStyle !== 'none' && outlineWidth !== '0px' && !isClear;
    };
    return [focused, ...focused.children].some(hasOutline) ? '' : focused.outerHTML.slice(0, 120);
  });
}
