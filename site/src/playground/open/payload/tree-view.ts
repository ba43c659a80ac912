/** The payload's data items -> a tree after the ARIA pattern, made as it is opened: a key and its value are one line. */
import type { AnnotatedItem } from '@sealring/inspect';
import { isForBrowser, make, scrollInto } from '../../dom.ts';
import type { Selection } from './selection.ts';

const OPEN_AT_FIRST = 120; // lines that a new tree shows by itself
const AT_ONCE = 200; // children of one item that are made together

interface Node {
  readonly item: AnnotatedItem;
  readonly key: AnnotatedItem | undefined;
  readonly parent: Node | undefined;
  readonly level: number;
  readonly element: HTMLElement;
  readonly group: HTMLElement | undefined;
  /** What its children are made of, as far as they are not made yet. */
  readonly waiting: { item: AnnotatedItem; key: AnnotatedItem | undefined }[];
}

export interface TreeView {
  show(selection: Selection): void;
  mark(selection: Selection, what: 'selected' | 'hovered'): void;
  clear(): void;
}

export function createTreeView(root: HTMLElement): TreeView {
  let selection: Selection | undefined;
  let top: Node | undefined;
  let pressed: AnnotatedItem | undefined; // what was selected when the pointer went down
  const nodes = new Map<AnnotatedItem, Node>();
  const byElement = new WeakMap<Element, Node>();

  function makeNode(item: AnnotatedItem, key: AnnotatedItem | undefined, parent: Node | undefined): Node {
    const level = (parent?.level ?? 0) + 1;
    const line = make('span', { class: 'line' });
    if (key) line.append(make('span', { class: 'name' }, key.meaning || key.label), ': ');
    const number = /^(?:unsigned|negative)\((-?\d+)\)$/.exec(item.label)?.[1];
    const means = item.meaning || number || item.label;
    line.append(make('span', { class: 'means' }, means));
    if (means !== item.label) line.append(' ', make('small', {}, item.label));
    const group = item.children.length > 0 ? make('ul', { role: 'group', hidden: '' }) : undefined;
    const element = make('li', { role: 'treeitem', 'aria-level': String(level), tabindex: '-1' }, line);
    if (group) element.append(group);
    if (group) element.setAttribute('aria-expanded', 'false');
    const node = { item, key, parent, level, element, group, waiting: entriesOf(item) };
    nodes.set(item, node);
    if (key) nodes.set(key, node);
    byElement.set(element, node);
    return node;
  }

  function makeChildren(node: Node, count: number): void {
    node.group?.querySelector(':scope > .more')?.remove();
    for (const { item, key } of node.waiting.splice(0, count)) node.group?.append(makeNode(item, key, node).element);
    if (node.waiting.length === 0) return;
    const more = make(
      'li',
      { class: 'more', role: 'none' },
      make('button', { type: 'button', tabindex: '-1' }, `${node.waiting.length} more`),
    );
    more.addEventListener('click', () => {
      const next = node.waiting[0]?.item;
      makeChildren(node, AT_ONCE);
      focus(next && nodes.get(next)); // the button is gone
    });
    node.group?.append(more);
  }

  /** Where the line below is a button for more, they are made: the arrow keys would pass them by. */
  function makeBelow(node: Node): void {
    if (node.group?.hidden === false) return; // below are its own children
    for (let at: Node | undefined = node; at; at = at.parent) {
      const next = at.element.nextElementSibling;
      if (at.parent && next?.matches('.more')) makeChildren(at.parent, AT_ONCE);
      if (next) return;
    }
  }

  function setOpen(node: Node, isOpen: boolean): void {
    if (node.group === undefined) return;
    if (isOpen && node.group.childElementCount === 0) makeChildren(node, AT_ONCE);
    node.group.hidden = !isOpen;
    node.element.setAttribute('aria-expanded', String(isOpen));
  }

  /** What has a line of its own: the item, or the key that it is a part of. The line of a key is that of its value. */
  function onLine(item: AnnotatedItem): AnnotatedItem {
    let at = selection?.annotation.root;
    while (at && at !== item && at.role !== 'key') at = childWith(at, item);
    return at ?? item;
  }

  /** The node of an item that may not have been made yet. */
  function reach(item: AnnotatedItem): Node | undefined {
    for (let at = selection?.annotation.root; at && at !== item; at = childWith(at, item)) {
      const node = nodes.get(at);
      if (node === undefined) return undefined;
      setOpen(node, true);
      if (node.waiting.length > 0) makeChildren(node, indexOf(node, item) + AT_ONCE);
    }
    return nodes.get(item);
  }

  function openAtFirst(): void {
    const queue = top ? [top] : [];
    let lines = 1;
    for (let node = queue.shift(); node; node = queue.shift()) {
      const count = node.waiting.length;
      if (node.group === undefined || (node !== top && lines + count > OPEN_AT_FIRST)) continue;
      if (node.item.major === 6 && node.item.meaning !== '' && node.level > 1 && isPlain(node.item)) continue;
      lines += count;
      setOpen(node, true);
      queue.push(...[...node.group.children].flatMap((child) => byElement.get(child) ?? []));
    }
  }

  function focus(node: Node | undefined): void {
    if (node === undefined) return;
    selection?.select(node.item);
    node.element.focus();
  }

  const moves: Readonly<Record<string, (node: Node) => Node | undefined>> = {
    ArrowDown(node) {
      makeBelow(node);
      return beside(root, byElement, node, 1);
    },
    ArrowUp: (node) => beside(root, byElement, node, -1),
    Home: () => top,
    End: () => beside(root, byElement, undefined, -1),
    ArrowRight(node) {
      if (node.group === undefined) return undefined;
      if (!node.group.hidden) return byElement.get(node.group.children[0] ?? node.element);
      setOpen(node, true);
      return node;
    },
    ArrowLeft(node) {
      if (node.group === undefined || node.group.hidden) return node.parent;
      setOpen(node, false);
      return node;
    },
  };

  const nodeOf = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest('[role=treeitem]') : null;
    return element ? byElement.get(element) : undefined;
  };
  root.addEventListener('keydown', (event) => {
    const node = nodeOf(event.target);
    const move = moves[event.key];
    if (node === undefined || move === undefined || isForBrowser(event)) return;
    event.preventDefault();
    focus(move(node));
  });
  // Pressing moves the focus, and with it the selection, before the click comes: only a second click folds or unfolds.
  root.addEventListener('pointerdown', () => {
    pressed = selection?.selected;
  });
  root.addEventListener('click', (event) => {
    const node = nodeOf(event.target);
    if (node === undefined || (event.target instanceof Element && event.target.closest('.more'))) return;
    if (pressed === node.item) setOpen(node, node.group?.hidden === true);
    focus(node);
  });
  // Not of the button in it, which the pane would scroll away from the pointer before the click comes.
  root.addEventListener('focusin', ({ target }) => {
    const node = target instanceof Element ? byElement.get(target) : undefined;
    if (node) selection?.select(node.item);
  });
  root.addEventListener('pointerover', (event) => selection?.hover(nodeOf(event.target)?.item));
  root.addEventListener('pointerleave', () => selection?.hover(undefined));

  return {
    show(next) {
      selection = next;
      nodes.clear();
      const { root: item } = next.annotation;
      top = item && makeNode(item, undefined, undefined);
      top?.element.setAttribute('tabindex', '0');
      root.replaceChildren(...(top ? [top.element] : []));
      openAtFirst();
    },
    mark(from, what) {
      const attribute = what === 'selected' ? 'aria-selected' : 'data-hovered';
      for (const element of root.querySelectorAll(`[${attribute}]`)) element.removeAttribute(attribute);
      const item = from[what] && onLine(from[what]);
      const node = item && (what === 'selected' ? reach(item) : nodes.get(item));
      node?.element.setAttribute(attribute, 'true');
      if (node === undefined || what === 'hovered') return;
      for (const element of root.querySelectorAll('[tabindex="0"]')) element.setAttribute('tabindex', '-1');
      node.element.setAttribute('tabindex', '0');
      scrollInto(root, node.element.firstElementChild);
    },
    clear() {
      selection = top = pressed = undefined;
      nodes.clear();
      root.replaceChildren();
    },
  };
}

/** A map's children come as keys and values in turn. */
function entriesOf({ children }: AnnotatedItem): Node['waiting'] {
  return children.flatMap((item, at) => {
    if (item.role === 'key') return [];
    const before = children[at - 1];
    return [{ item, key: item.role === 'value' && before?.role === 'key' ? before : undefined }];
  });
}

const childWith = ({ children }: AnnotatedItem, item: AnnotatedItem) =>
  children.find(({ bytes }) => bytes.from <= item.bytes.from && item.bytes.to <= bytes.to);

/** Tagged items whose meaning says all, such as a date. */
const isPlain = ({ children }: AnnotatedItem) => children.every((child) => child.children.length === 0);

const indexOf = ({ waiting }: Node, item: AnnotatedItem) =>
  waiting.findIndex(
    ({ item: each, key }) => (key ?? each).bytes.from <= item.bytes.from && item.bytes.to <= each.bytes.to,
  ) + 1;

/** The next or the previous of the lines that show; the first or the last where there is none to start from. */
function beside(
  root: HTMLElement,
  nodes: WeakMap<Element, Node>,
  node: Node | undefined,
  step: 1 | -1,
): Node | undefined {
  const lines = [...root.querySelectorAll('[role=treeitem]')].filter(
    (line) => line.closest('[role=group][hidden]') === null,
  );
  const next = node ? lines[lines.indexOf(node.element) + step] : lines.at(step === 1 ? 0 : -1);
  return next && nodes.get(next);
}
