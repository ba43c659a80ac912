/** A cookie's size -> a bar with the browser's limit on it, and the sentence that says the same. */

import { MAX_COOKIE_BYTES } from '@sealring/wire';
import { part, say } from '../dom.ts';
import { type CookieSize, describeSize } from './size.ts';

/** The bar shows at least this much more than the limit, so that the limit never stands at its very end. */
const HEADROOM = 1.1;

/** @returns the sentence. */
export function showSize(root: ParentNode, size: CookieSize): string {
  const bar = part(root, 'size-bar', HTMLElement);
  const whole = Math.max(MAX_COOKIE_BYTES, size.bytes) * HEADROOM;
  const sentence = describeSize(size);
  bar.dataset['state'] = size.isDropped ? 'dropped' : 'fits';
  bar.setAttribute('aria-valuenow', String(Math.min(size.bytes, MAX_COOKIE_BYTES)));
  bar.setAttribute('aria-valuetext', sentence);
  part(bar, 'size-fill', HTMLElement).style.width = percent(size.bytes / whole);
  part(bar, 'size-limit', HTMLElement).style.insetInlineStart = percent(MAX_COOKIE_BYTES / whole);
  say(part(root, 'size-text', HTMLElement), sentence);
  return sentence;
}

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
