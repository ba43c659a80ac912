/** A payload -> what the Open view has to say of each of its data items, and which line of the tree stands for it. */
import { type AnnotatedItem, annotate } from '@sealring/inspect';

export interface ExpectedItem extends AnnotatedItem {
  /** Number of its line in the unfolded tree, from 0. */
  readonly line: number;
  /** What it is on that line: a key and all that is in it stand on the line of its value. */
  readonly place: 'value' | 'key' | 'in a key';
  /** The sentence below tree and bytes. */
  readonly says: string;
}

/** All of them, depth first. */
export function itemsOf(payload: Uint8Array): ExpectedItem[] {
  const items: ExpectedItem[] = [];
  let lines = 0;
  const visit = (item: AnnotatedItem, lineOfKey: number | undefined) => {
    const place = lineOfKey !== undefined ? 'in a key' : item.role === 'key' ? 'key' : 'value';
    const line = lineOfKey ?? (place === 'key' ? lines : lines++);
    items.push({ ...item, line, place, says: sentence(item) });
    for (const child of item.children) visit(child, place === 'value' ? undefined : line);
  };
  const { root, fault } = annotate(payload);
  if (root === undefined || fault !== undefined) throw new Error('Expected a payload without a fault');
  visit(root, undefined);
  return items;
}

/** The innermost item that has the byte: of all that do, the last. */
export function itemAt(items: readonly ExpectedItem[], byte: number): ExpectedItem | undefined {
  return items.findLast(({ bytes: { from, to } }) => from <= byte && byte < to);
}

function sentence({ bytes: { from, to }, label, meaning }: AnnotatedItem): string {
  const where = to - from === 1 ? `Byte ${from}` : `Bytes ${from}–${to - 1}`;
  return `${where}: ${label}${meaning === '' ? '' : `, ${meaning}`}`;
}

export const hexOf = (bytes: Uint8Array, gap = ''): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(gap);
