/** A token and its parts -> coloured text on the page; a click on it -> the position of the character that was meant. */
import { make } from '../dom.ts';
import { type Part, partAt } from '../token/parts.ts';

export interface TokenLook {
  token: string;
  /** Empty where the text could not be cut into parts. */
  parts: readonly Part[];
  /** Positions that were changed. */
  flipped: ReadonlySet<number>;
  /** The position that the slider stands on. */
  cursor: number | undefined;
}

/** Neighbours that look alike share one element: a token of 5,000 characters needs ten elements, not 5,000. */
export function showToken(element: HTMLElement, { token, parts, flipped, cursor }: TokenLook): void {
  const singles = cursor === undefined ? [...flipped] : [...flipped, cursor];
  const starts = new Set([0, ...parts.map(firstCharacter), ...singles, ...singles.map((at) => at + 1)]);
  const bounds = [...starts].filter((at) => at < token.length).sort((one, other) => one - other);
  element.replaceChildren(
    ...bounds.map((from, index) => {
      const look = { class: from === cursor ? 'piece cursor' : 'piece', 'data-part': partAt(parts, from)?.name ?? '' };
      return make(flipped.has(from) ? 'mark' : 'span', look, token.slice(from, bounds[index + 1]));
    }),
  );
}

/** The first whose first bit lies in the part: a character is 6 bits, a byte 8. */
const firstCharacter = ({ from }: Part) => Math.ceil((from * 8) / 6);

/** Calls `pick` with the position of the clicked character; not at the end of a drag that selects text. */
export function onPick(element: HTMLElement, pick: (at: number) => void): void {
  element.addEventListener('click', (event) => {
    if (getSelection()?.isCollapsed === false) return;
    const at = characterAt(element, event.clientX, event.clientY);
    if (at !== undefined) pick(at);
  });
}

function characterAt(element: HTMLElement, x: number, y: number): number | undefined {
  const texts = [...element.childNodes].flatMap((piece) =>
    piece.firstChild instanceof Text ? [piece.firstChild] : [],
  );
  let before = 0;
  for (const text of texts) {
    if (isInside(text.parentElement?.getClientRects(), x, y)) {
      const range = document.createRange();
      for (let at = 0; at < text.length; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        if (isInside(range.getClientRects(), x, y)) return before + at;
      }
    }
    before += text.length;
  }
  return undefined;
}

const isInside = (boxes: DOMRectList | undefined, x: number, y: number) =>
  [...(boxes ?? [])].some(({ left, right, top, bottom }) => left <= x && x < right && top <= y && y < bottom);
