/** Keys that a script answers: with Alt, Ctrl or Meta they are the browser's, as Alt and Left, which go back. */
import type { Locator } from 'playwright';
import { expect } from 'vitest';

const MODIFIERS = ['altKey', 'ctrlKey', 'metaKey'] as const;

/** Each key is taken when it is pressed alone on the element, and not with a modifier. */
export async function expectLeftToBrowser(element: Locator, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const taken = await element.evaluate(findTaken, { key, modifiers: MODIFIERS });
    expect(taken, key).toEqual(['alone']);
  }
}

/** In the page: how the key was pressed where a script kept it from the browser. */
function findTaken(element: Element, { key, modifiers }: { key: string; modifiers: readonly string[] }): string[] {
  return [...modifiers, 'alone'].filter((modifier) => {
    const event = new KeyboardEvent('keydown', { key, [modifier]: true, bubbles: true, cancelable: true });
    return !element.dispatchEvent(event);
  });
}
