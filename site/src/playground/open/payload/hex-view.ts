/** Bytes -> rows in hexadecimal with the characters they would be, a page at a time; pointer and arrow keys choose a byte. */
import type { Range } from '@sealring/inspect';
import { isForBrowser, make, scrollInto } from '../../dom.ts';
import { spaced, toHex } from '../../token/hex.ts';
import type { Selection } from './selection.ts';

const PAGE = 2048; // bytes on the page at once, so that a long payload costs no more than a short one
const WIDE = 600; // pixels from which 16 bytes fit on a row, else 8

export interface HexView {
  readonly page: number;
  readonly pages: number;
  /** Which bytes show, in words. */
  readonly text: string;
  show(selection: Selection, page?: number): void;
  mark(selection: Selection, what: 'selected' | 'hovered'): void;
  clear(): void;
}

export function createHexView(root: HTMLElement, onPage: () => void): HexView {
  let selection: Selection | undefined;
  let page = 0;
  let perRow = 8;
  let cursor: number | undefined;

  function draw(): void {
    const { bytes } = selection ?? { bytes: new Uint8Array() };
    perRow = root.clientWidth >= WIDE ? 16 : 8;
    const rows: HTMLElement[] = [];
    const end = Math.min(bytes.length, (page + 1) * PAGE);
    for (let at = page * PAGE; at < end; at += perRow) rows.push(rowOf(bytes, at, Math.min(end, at + perRow)));
    root.replaceChildren(...rows);
    markAll();
    onPage();
  }

  function turnTo(byte: number): void {
    if (Math.floor(byte / PAGE) === page) return;
    page = Math.floor(byte / PAGE);
    draw();
  }

  function scrollTo(byte: number): void {
    scrollInto(root, root.children[Math.floor((byte - page * PAGE) / perRow)]);
  }

  /** Where bytes stand on this page, one range of text for each row. */
  function textRanges({ from, to }: Range): globalThis.Range[] {
    const first = page * PAGE;
    const [start, end] = [Math.max(from, first), Math.min(to, first + PAGE, selection?.bytes.length ?? 0)];
    const ranges: globalThis.Range[] = [];
    for (let at = start; at < end; ) {
      const row = Math.floor((at - first) / perRow);
      const rowStart = first + row * perRow;
      const stop = Math.min(end, rowStart + perRow);
      const text = root.children[row]?.children[1]?.firstChild;
      if (text instanceof Text) {
        const range = document.createRange();
        range.setStart(text, (at - rowStart) * 3);
        range.setEnd(text, (stop - rowStart) * 3 - 1);
        ranges.push(range);
      }
      at = stop;
    }
    return ranges;
  }

  function highlight(name: string, range: Range | undefined): void {
    const ranges = range ? textRanges(range) : [];
    if ('highlights' in CSS) CSS.highlights.set(name, new Highlight(...ranges));
    else
      for (const row of root.children)
        row.toggleAttribute(
          `data-${name}`,
          ranges.some((each) => row.contains(each.startContainer)),
        );
  }

  function markAll(): void {
    highlight('sealring-selected', selection?.selected?.bytes);
    highlight('sealring-hovered', selection?.hovered?.bytes);
    highlight('sealring-cursor', cursor === undefined ? undefined : { from: cursor, to: cursor + 1 });
  }

  /** Digits and gaps are equally wide, so the place tells the byte. */
  function byteUnder({ target, clientX }: PointerEvent | MouseEvent): number | undefined {
    const row = target instanceof Element ? target.closest<HTMLElement>('.hex-row') : null;
    const digits = row?.children[1];
    if (!row || !digits) return undefined;
    const { left, width } = digits.getBoundingClientRect();
    const column = Math.floor((((clientX - left) / width) * (digits.textContent?.length ?? 0) + 0.5) / 3);
    const at = Number(row.dataset['at']) + column;
    return column >= 0 && column < perRow && at < (selection?.bytes.length ?? 0) ? at : undefined;
  }

  function choose(byte: number | undefined): void {
    if (selection === undefined || byte === undefined) return;
    cursor = byte;
    turnTo(byte);
    selection.select(selection.itemAt(byte));
    markAll(); // in a long text it may be the same item
    scrollTo(byte);
  }

  const steps = (): Readonly<Record<string, number>> => ({
    ...{ ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow },
    ...{ PageDown: 16 * perRow, PageUp: -16 * perRow, Home: -1e9, End: 1e9 },
  });
  root.addEventListener('keydown', (event) => {
    const step = steps()[event.key];
    if (step === undefined || selection === undefined || isForBrowser(event)) return;
    event.preventDefault();
    const from = cursor ?? selection.selected?.bytes.from ?? -Math.sign(step);
    choose(Math.max(0, Math.min(selection.bytes.length - 1, from + step)));
  });
  root.addEventListener('click', (event) => choose(byteUnder(event)));
  root.addEventListener('pointermove', (event) => {
    const byte = byteUnder(event);
    selection?.hover(byte === undefined ? undefined : selection.itemAt(byte));
  });
  root.addEventListener('pointerleave', () => selection?.hover(undefined));
  new ResizeObserver(() => {
    const fits = root.clientWidth >= WIDE ? 16 : 8;
    if (root.clientWidth > 0 && fits !== perRow && selection) draw();
  }).observe(root);

  return {
    get page() {
      return page;
    },
    get pages() {
      return Math.ceil((selection?.bytes.length ?? 0) / PAGE);
    },
    get text() {
      const length = selection?.bytes.length ?? 0;
      return `bytes ${page * PAGE} to ${Math.min(length, (page + 1) * PAGE) - 1} of ${length.toLocaleString('en')}`;
    },
    show(next, at = 0) {
      selection = next;
      cursor = undefined;
      page = at;
      draw();
    },
    mark({ selected }, what) {
      const isHere = selected && cursor !== undefined && cursor >= selected.bytes.from && cursor < selected.bytes.to;
      const start = what === 'selected' && !isHere ? selected?.bytes.from : undefined; // of what was chosen elsewhere
      if (start !== undefined) {
        cursor = undefined;
        turnTo(start);
        scrollTo(start);
      }
      markAll();
    },
    clear() {
      selection = cursor = undefined;
      page = 0;
      root.replaceChildren();
    },
  };
}

function rowOf(bytes: Uint8Array, from: number, to: number): HTMLElement {
  const row = bytes.subarray(from, to);
  const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  return make(
    'div',
    { class: 'hex-row', 'data-at': String(from) },
    make('span', { class: 'offset' }, from.toString(16).padStart(4, '0')),
    make('span', { class: 'digits' }, spaced(toHex(row))),
    make('span', { class: 'text', 'aria-hidden': 'true' }, text),
  );
}
