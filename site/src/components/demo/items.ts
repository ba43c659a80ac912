/** An annotation of CBOR -> its items as lines, outermost first, each with the bytes that are its own and not its children's. */
import type { AnnotatedItem } from '@sealring/inspect';
import { toHex } from '../../playground/token/hex.ts';

export interface ItemLine {
  /** Where its own bytes start in the payload. */
  readonly from: number;
  /** The head: initial byte and argument, in hexadecimal. */
  readonly head: string;
  /** What follows the head and belongs to no child: the content of texts and byte strings. */
  readonly content: string;
  readonly label: string;
  readonly meaning: string;
  /** Empty for what the label says already. */
  readonly role: string;
  /** How many items are around it; no deeper than 5, so that a line stays wide enough to read. */
  readonly depth: number;
}

const DEEPEST = 5;

export function itemLines(root: AnnotatedItem | undefined, bytes: Uint8Array, depth = 0): ItemLine[] {
  if (root === undefined) return [];
  const { head, label, meaning, role, children } = root;
  const end = children[0]?.bytes.from ?? root.bytes.to;
  const line = {
    from: head.from,
    head: toHex(bytes.subarray(head.from, head.to)),
    content: toHex(bytes.subarray(head.to, end)),
    label,
    meaning,
    role: role === 'key' || role === 'value' ? role : '',
    depth: Math.min(depth, DEEPEST),
  };
  return [line, ...children.flatMap((child) => itemLines(child, bytes, depth + 1))];
}
