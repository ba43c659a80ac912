/** Data items -> a line each: where it starts, its bytes, what they are; indented, a page at a time. Tab stops once, arrow keys go on. */
import type { AnnotatedItem } from '@sealring/inspect';
import { isForBrowser, make, scrollInto } from '../../dom.ts';
import { toHex } from '../../token/hex.ts';
import type { Selection } from './selection.ts';

const PAGE = 200; // lines
const LONGEST = 12; // bytes of a text or byte string that a line shows

export interface AnnotatedView {
  readonly page: number;
  readonly pages: number;
  /** Which items show, in words. */
  readonly text: string;
  show(selection: Selection, page?: number): void;
  mark(selection: Selection, what: 'selected' | 'hovered'): void;
  clear(): void;
}

interface Line {
  readonly item: AnnotatedItem;
  readonly depth: number;
}

export function createAnnotatedView(root: HTMLElement, onPage: () => void): AnnotatedView {
  let selection: Selection | undefined;
  let lines: readonly Line[] = [];
  let page = 0;
  let buttons: readonly HTMLButtonElement[] = []; // of the lines on the page
  let stop = 0; // the line that the Tab key leads to, if it is on the page; else it is the first there

  function draw(): void {
    const { bytes } = selection ?? { bytes: new Uint8Array() };
    const { fault } = selection?.annotation ?? {};
    const first = page * PAGE;
    buttons = lines.slice(first, first + PAGE).map((line, at) => lineOf(line, bytes, first + at));
    root.replaceChildren(...buttons);
    if (fault) root.append(make('p', { class: 'message' }, `Byte ${fault.at}: ${fault.message}`));
    markLines();
    onPage();
  }

  /** The button of a line, whose page is turned to. */
  function turnTo(at: number): HTMLButtonElement | undefined {
    if (Math.floor(at / PAGE) !== page) {
      page = Math.floor(at / PAGE);
      draw();
    }
    return buttons[at - page * PAGE];
  }

  function markLines(): void {
    const { selected, hovered } = selection ?? {};
    const first = page * PAGE;
    const stopHere = buttons[stop - first] ?? buttons[0];
    for (const [at, button] of buttons.entries()) {
      const item = lines[first + at]?.item;
      button.setAttribute('aria-pressed', String(item === selected));
      button.toggleAttribute('data-hovered', item === hovered);
      button.tabIndex = button === stopHere ? 0 : -1;
    }
  }

  /** Which line; -1: none. */
  function lineUnder(target: EventTarget | null): number {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null;
    return Number(button?.dataset['line'] ?? -1);
  }

  const itemUnder = (target: EventTarget | null) => lines[lineUnder(target)]?.item;
  root.addEventListener('click', ({ target }) => selection?.select(itemUnder(target) ?? selection.selected));
  root.addEventListener('pointerover', ({ target }) => selection?.hover(itemUnder(target)));
  root.addEventListener('pointerleave', () => selection?.hover(undefined));
  root.addEventListener('focusin', ({ target }) => {
    stop = lineUnder(target);
    markLines();
  });
  root.addEventListener('keydown', (event) => {
    const at = lineUnder(event.target);
    const last = lines.length - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined || isForBrowser(event)) return;
    event.preventDefault();
    turnTo(Math.min(Math.max(next, 0), last))?.focus();
  });

  return {
    get page() {
      return page;
    },
    get pages() {
      return Math.ceil(lines.length / PAGE);
    },
    get text() {
      const last = Math.min(lines.length, (page + 1) * PAGE);
      return `items ${page * PAGE + 1} to ${last} of ${lines.length.toLocaleString('en')}`;
    },
    show(next, at = 0) {
      selection = next;
      lines = next.annotation.root ? flatten(next.annotation.root) : [];
      page = at;
      draw();
    },
    mark({ selected }, what) {
      const at = what === 'selected' ? lines.findIndex(({ item }) => item === selected) : -1;
      if (at >= 0) scrollInto(root, turnTo((stop = at)));
      markLines();
    },
    clear() {
      selection = undefined;
      lines = buttons = [];
      page = stop = 0;
      root.replaceChildren();
    },
  };
}

/** Depth first, without recursion: payloads may be deep. */
function flatten(root: AnnotatedItem): Line[] {
  const lines: Line[] = [];
  const stack: Line[] = [{ item: root, depth: 0 }];
  for (let line = stack.pop(); line; line = stack.pop()) {
    const { item, depth } = line;
    lines.push(line);
    for (let at = item.children.length - 1; at >= 0; at--) {
      const child = item.children[at];
      if (child) stack.push({ item: child, depth: depth + 1 });
    }
  }
  return lines;
}

function lineOf({ item, depth }: Line, bytes: Uint8Array, at: number): HTMLButtonElement {
  const { bytes: whole, head, children, label, meaning } = item;
  const isLeaf = children.length === 0;
  const end = isLeaf ? whole.to : head.to;
  const shown = toHex(bytes.subarray(head.from, Math.min(end, head.from + LONGEST)));
  const line = make(
    'button',
    { type: 'button', class: 'annotated-line', 'data-line': String(at), 'aria-pressed': 'false' },
    make('span', { class: 'offset' }, whole.from.toString(16).padStart(4, '0')),
    make('span', { class: 'digits' }, end - head.from > LONGEST ? `${shown}…` : shown),
    make('span', { class: 'label' }, label),
    make('span', { class: 'means' }, meaning),
  );
  line.style.setProperty('--depth', String(Math.min(depth, 12)));
  return line;
}
