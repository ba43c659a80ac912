/** The ordered checks -> one row each: sign, title, state, what was found; where it failed also the code. */
import type { Check, CheckState, Range } from '@sealring/inspect';
import { addressOf, make } from '../dom.ts';

const SIGNS: Readonly<Record<CheckState, string>> = { passed: '✓', failed: '✕', 'not reached': '·' };

export interface ChecksList {
  show(checks: readonly Check[]): void;
}

/** @param light called with the bytes of the check under the pointer or the focus; undefined when it has left. */
export function createChecksList(list: HTMLElement, light: (range: Range | undefined) => void): ChecksList {
  let shown = '';

  function row(check: Check): HTMLElement {
    const { title, state, found, range, code } = check;
    const item = make(
      'li',
      { 'data-state': state, 'data-check': check.id },
      make('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[state]),
      make('span', { class: 'title' }, title),
      make('span', { class: 'state' }, state),
    );
    if (found !== '') item.append(make('span', { class: 'found' }, found));
    if (range && state !== 'not reached') item.append(whereButton(item, range));
    // Cause and hint stand in the verdict above, in sentences.
    if (code)
      item.append(
        make(
          'a',
          { class: 'code', href: addressOf(`/reference/errors/#${code.toLowerCase()}`) },
          make('code', {}, code),
        ),
      );
    return item;
  }

  function whereButton(item: HTMLElement, range: Range): HTMLElement {
    const text = range.to - range.from < 2 ? `byte ${range.from}` : `bytes ${range.from}–${range.to - 1}`; // none: where one is missing
    const button = make(
      'button',
      { type: 'button', class: 'where', title: 'Shows where these bytes stand in the token' },
      text,
    );
    button.addEventListener('focus', () => light(range));
    button.addEventListener('blur', () => light(undefined));
    button.addEventListener('click', () => light(range));
    item.addEventListener('pointerenter', () => light(range));
    item.addEventListener('pointerleave', () => light(undefined));
    return button;
  }

  return {
    show(checks) {
      const text = JSON.stringify(checks);
      if (text === shown) return; // the focus stays where it is
      shown = text;
      list.replaceChildren(...checks.map(row));
    },
  };
}
