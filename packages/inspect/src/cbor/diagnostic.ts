/** Payload bytes -> CBOR diagnostic notation, indented. RFC 8949 §8. */

import type { AnnotatedItem } from '../explanation.ts';
import { formatHex } from '../text.ts';
import { annotate } from './annotate.ts';
import { contentBytes, floatAt, integerOf, textOf } from './scalars.ts';

const WIDTH = 80;
const DEEPEST_INDENT = 30; // levels: blanks before each line of what is deeper would be most of the text

/** Notation that is laid out: a line, pieces one behind the other, or a list with a line for each of its parts. */
type Piece = string | { readonly row: readonly Piece[] } | List;

interface List {
  readonly open: string;
  readonly parts: readonly Piece[];
  readonly close: string;
}

/**
 * Total, as `annotate` is, and linear as well; where reading stopped, a comment says why.
 *
 * @example
 * import { formatDiagnostic } from '@sealring/inspect';
 * console.log(formatDiagnostic(Uint8Array.of(0xa1, 0x61, 0x61, 0xc1, 0x00))); // {"a": 1(0)}
 */
export function formatDiagnostic(bytes: Uint8Array): string {
  const { root, fault } = annotate(bytes);
  const texts: string[] = [];
  if (root !== undefined) write(pieceOf(root, bytes, 0), 0, texts);
  if (fault !== undefined) texts.push(`${texts.length === 0 ? '' : '\n'}/ byte ${fault.at}: ${fault.message} /`);
  return texts.join('');
}

/** No text is built twice: what has more than one line stays in pieces. */
function pieceOf(item: AnnotatedItem, bytes: Uint8Array, depth: number): Piece {
  const { children, major } = item;
  if (major < 2) return formatInteger(item, bytes);
  if (major === 2) return `h'${formatHex(contentBytes(item, bytes))}'`;
  if (major === 3) return JSON.stringify(textOf(item, bytes) ?? '');
  if (major === 7) return item.label === 'float64' ? formatFloat(floatAt(bytes, item.head.from)) : item.label;
  if (major === 6)
    return inRow([`${item.label.slice(4, -1)}(`, ...children.map((child) => pieceOf(child, bytes, depth)), ')']);
  const inner = children.map((child) => pieceOf(child, bytes, depth + 1));
  const parts = major === 4 ? inner : pairs(inner);
  const [open, close] = major === 4 ? ['[', ']'] : ['{', '}'];
  const texts = parts.filter((part) => typeof part === 'string');
  const width = texts.reduce((sum, text) => sum + text.length + 2, indentOf(depth).length);
  const isLine = parts.length === 0 || (texts.length === parts.length && width <= WIDTH);
  return isLine ? `${open}${texts.join(', ')}${close}` : { open, parts, close };
}

function pairs(parts: readonly Piece[]): Piece[] {
  return parts.flatMap((part, at) => (at % 2 === 0 ? [inRow([part, ': ', parts[at + 1] ?? ''])] : []));
}

function inRow(row: readonly Piece[]): Piece {
  return row.reduce((line, piece) => (typeof line === 'string' && typeof piece === 'string' ? line + piece : { row }));
}

function write(piece: Piece, depth: number, texts: string[]): void {
  if (typeof piece === 'string') {
    texts.push(piece);
  } else if ('row' in piece) {
    for (const part of piece.row) write(part, depth, texts);
  } else {
    texts.push(piece.open);
    for (const [at, part] of piece.parts.entries()) {
      texts.push(at === 0 ? '\n' : ',\n', indentOf(depth + 1));
      write(part, depth + 1, texts);
    }
    texts.push('\n', indentOf(depth), piece.close);
  }
}

function indentOf(depth: number): string {
  return '  '.repeat(Math.min(depth, DEEPEST_INDENT));
}

/** `_3`: written with 64 bits though fewer would do, which makes it a bigint. RFC 8949 §8.1. */
function formatInteger(item: AnnotatedItem, bytes: Uint8Array): string {
  const value = integerOf(item, bytes);
  const size = value < 0n ? -1n - value : value;
  return item.head.to - item.head.from === 9 && size < 2n ** 32n ? `${value}_3` : String(value);
}

function formatFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isFinite(value) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
