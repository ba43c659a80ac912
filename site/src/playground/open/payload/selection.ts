/** Which data item of the payload is meant, by whom; tree, bytes and list follow it. */
import type { AnnotatedItem, Annotation } from '@sealring/inspect';

export interface Selection {
  readonly annotation: Annotation;
  readonly bytes: Uint8Array;
  readonly selected: AnnotatedItem | undefined;
  readonly hovered: AnnotatedItem | undefined;
  select(item: AnnotatedItem | undefined): void;
  hover(item: AnnotatedItem | undefined): void;
  /** The innermost item that has this byte. */
  itemAt(byte: number): AnnotatedItem | undefined;
}

/** @param onChange called after every change of either; `selected` tells whether it was the selection. */
export function createSelection(
  bytes: Uint8Array,
  annotation: Annotation,
  onChange: (what: 'selected' | 'hovered') => void,
): Selection {
  let selected: AnnotatedItem | undefined;
  let hovered: AnnotatedItem | undefined;
  return {
    annotation,
    bytes,
    get selected() {
      return selected;
    },
    get hovered() {
      return hovered;
    },
    select(item) {
      if (item === selected) return;
      selected = item;
      onChange('selected');
    },
    hover(item) {
      if (item === hovered) return;
      hovered = item;
      onChange('hovered');
    },
    itemAt(byte) {
      let item = annotation.root;
      for (let inner = item; inner !== undefined; ) {
        item = inner;
        inner = childAt(item.children, byte);
      }
      return item && byte >= item.bytes.from && byte < item.bytes.to ? item : undefined;
    },
  };
}

/** Children stand in the order of their bytes, so half of them can be left out at every step. */
function childAt(children: readonly AnnotatedItem[], byte: number): AnnotatedItem | undefined {
  let [low, high] = [0, children.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const child = children[middle];
    if (child === undefined) return undefined;
    if (byte < child.bytes.from) high = middle - 1;
    else if (byte >= child.bytes.to) low = middle + 1;
    else return child;
  }
  return undefined;
}
