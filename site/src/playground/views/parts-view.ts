/** A token's parts -> the legend under it: a bar in which every byte is equally wide, and a row with name, size and meaning for each. */
import { make } from '../dom.ts';
import type { Part } from '../token/parts.ts';

export function showParts(bar: HTMLElement, legend: HTMLElement, parts: readonly Part[]): void {
  bar.replaceChildren(...parts.map(barPiece));
  legend.replaceChildren(...parts.map(legendRow));
}

function barPiece({ name, from, to }: Part): HTMLElement {
  const piece = make('span', { 'data-part': name });
  piece.style.flexGrow = String(to - from);
  return piece;
}

function legendRow({ name, label, from, to, says }: Part): HTMLElement {
  const size = `${(to - from).toLocaleString('en')} byte${to - from === 1 ? '' : 's'}`;
  return make(
    'li',
    {},
    make('span', { class: 'piece swatch', 'data-part': name }, label),
    make('span', { class: 'size' }, size),
    make('span', { class: 'says' }, says),
  );
}
