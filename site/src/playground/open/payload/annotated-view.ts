/** Data items -> a line each: where it starts, its bytes, what they are; indented by depth, a page at a time. */
import type { AnnotatedItem } from '@sealring/inspect';
import { make, scrollInto } from '../../dom.ts';
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
  mark(selection: Selection): void;
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

  function draw(): void {
    const { bytes } = selection ?? { bytes: new Uint8Array() };
    const { fault } = selection?.annotation ?? {};
    root.replaceChildren(
      ...lines.slice(page * PAGE, (page + 1) * PAGE).map((line, at) => lineOf(line, bytes, page * PAGE + at)),
    );
    if (fault) root.append(make('p', { class: 'message' }, `Byte ${fault.at}: ${fault.message}`));
    onPage();
  }

  function lineUnder(target: EventTarget | null): Line | undefined {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null;
    return button ? lines[Number(button.dataset['line'])] : undefined;
  }

  root.addEventListener('click', ({ target }) => selection?.select(lineUnder(target)?.item ?? selection.selected));
  root.addEventListener('pointerover', ({ target }) => selection?.hover(lineUnder(target)?.item));
  root.addEventListener('pointerleave', () => selection?.hover(undefined));

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
    mark({ selected, hovered }) {
      const at = lines.findIndex(({ item }) => item === selected);
      if (at >= 0 && Math.floor(at / PAGE) !== page) {
        page = Math.floor(at / PAGE);
        draw();
      }
      for (const element of root.querySelectorAll<HTMLElement>('[data-line]')) {
        const item = lines[Number(element.dataset['line'])]?.item;
        element.setAttribute('aria-pressed', String(item === selected && item !== undefined));
        element.toggleAttribute('data-hovered', item === hovered && item !== undefined);
      }
      if (at >= 0) scrollInto(root, root.querySelector('[aria-pressed="true"]'));
    },
    clear() {
      selection = undefined;
      lines = [];
      page = 0;
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

function lineOf({ item, depth }: Line, bytes: Uint8Array, at: number): HTMLElement {
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
