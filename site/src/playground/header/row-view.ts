/** One cookie's row -> the table's row, with labels for narrow screens, where each row becomes a card. */

import { MAX_COOKIE_BYTES } from '@sealring/wire';
import { make } from '../dom.ts';
import type { Flag } from './attributes.ts';
import type { Row } from './rows.ts';

const SIGNS: Readonly<Record<Flag['state'], string>> = { on: '✓', kept: '✓', off: '✕', broken: '✕', unknown: '?' };
const WORDS: Readonly<Record<Flag['state'], string>> = {
  on: 'yes',
  kept: 'its rules are kept',
  off: 'no',
  broken: 'its rules are broken',
  unknown: 'not told by a Cookie header',
};

export function rowElement(row: Row, open: () => void): HTMLElement {
  const button = make('button', { type: 'button', 'aria-label': `Open ${row.name || 'it'}` }, 'Open');
  button.addEventListener('click', open);
  return make(
    'tr',
    row.warnings.length > 0 ? { 'data-warned': '' } : {},
    make('th', { scope: 'row' }, make('code', {}, row.name || '(no name)'), ...row.warnings.map(warning)),
    make('td', { 'data-label': 'What it is' }, ...whatItIs(row)),
    make('td', { 'data-label': 'Bytes of 4,096' }, ...size(row)),
    make('td', { 'data-label': 'Flags' }, ...flags(row)),
    make('td', { class: 'open-cell' }, ...(row.keyId === undefined ? [] : [button])),
  );
}

const warning = (sentence: string) =>
  make('span', { class: 'warning' }, make('span', { 'aria-hidden': 'true' }, '⚠ '), sentence);

function whatItIs({ kind, keyId, verdict }: Row): HTMLElement[] {
  return [
    make('span', { class: 'kind', 'data-kind': kind }, kind),
    ...(keyId === undefined ? [] : [make('span', { class: 'hint' }, 'key ', make('code', {}, keyId))]),
    ...(verdict === undefined
      ? []
      : [
          make(
            'span',
            { class: 'verdict-line', 'data-opens': String(verdict.opens) },
            `${verdict.opens ? '✓' : '✕'} ${verdict.says}`,
          ),
        ]),
  ];
}

function size({ bytes, chunks }: Row): (HTMLElement | string)[] {
  const most = MAX_COOKIE_BYTES * chunks;
  const fill = make('span', { class: 'size-fill' });
  fill.style.width = `${Math.min(100, (100 * bytes) / most).toFixed(1)}%`;
  const bar = make(
    'span',
    { class: 'size-bar small', 'data-state': bytes > most ? 'dropped' : 'fits', 'aria-hidden': 'true' },
    fill,
  );
  return [`${bytes.toLocaleString('en')}${chunks > 1 ? ` in ${chunks} cookies` : ''}`, bar];
}

function flags({ flags: each, lifetime }: Row): HTMLElement[] {
  const isUnknown = each.every(({ state }) => state === 'unknown');
  if (isUnknown) return [make('span', { class: 'hint' }, 'not in a Cookie header')];
  const items = each.map(({ label, state }) =>
    make(
      'li',
      { 'data-state': state },
      make('span', { 'aria-hidden': 'true' }, `${SIGNS[state]} `),
      label,
      make('span', { class: 'sr-only' }, `: ${WORDS[state]}`),
    ),
  );
  return [
    make('ul', { class: 'flags' }, ...items),
    ...(lifetime === undefined ? [] : [make('span', { class: 'hint' }, `Lifetime: ${lifetime}`)]),
  ];
}
