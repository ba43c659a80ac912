/** The list of checks -> one row each with a sign, a word and, where it failed, the code it ended with. */
import { make } from '../dom.ts';
import type { Check, CheckState } from '../token/checks.ts';

const SIGNS: Readonly<Record<CheckState, string>> = { passed: '✓', failed: '✕', 'not reached': '·' };

export function showChecks(list: HTMLElement, checks: readonly Check[]): void {
  list.replaceChildren(
    ...checks.map(({ title, state, code }) =>
      make(
        'li',
        { 'data-state': state },
        make('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[state]),
        make('span', { class: 'title' }, title),
        make('span', { class: 'state' }, state),
        ...(code === undefined ? [] : [make('code', {}, code)]),
      ),
    ),
  );
}
