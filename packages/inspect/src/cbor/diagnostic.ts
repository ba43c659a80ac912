/** Payload bytes -> CBOR diagnostic notation, indented. RFC 8949 §8. */

import type { AnnotatedItem } from '../explanation.ts';
import { formatHex } from '../text.ts';
import { annotate } from './annotate.ts';
import { contentBytes, floatOf, integerOf, isFloat, textOf } from './scalars.ts';

const WIDTH = 80;
const MAX_INDENT = 30; // levels: with more, most of the output would be spaces

/** A piece of notation: a string if it is one line, otherwise the nested pieces of several lines. */
type Piece = string | readonly Piece[];

/**
 * Formats a payload in CBOR diagnostic notation. It never throws: if the bytes are invalid, a comment says where reading stopped and why. Time and
 * memory are linear in the length.
 *
 * @example
 * import { formatDiagnostic } from '@sealring/inspect';
 * console.log(formatDiagnostic(Uint8Array.of(0xa1, 0x61, 0x61, 0xc1, 0x00))); // {"a": 1(0)}
 */
export function formatDiagnostic(bytes: Uint8Array): string {
  const { root, fault } = annotate(bytes);
  const pieces: unknown[] = root === undefined ? [] : [pieceOf(root, bytes, 0)];
  const notation = pieces.flat(Number.POSITIVE_INFINITY).join('');
  if (fault === undefined) return notation;
  return `${notation}${notation === '' ? '' : '\n'}/ byte ${fault.at}: ${fault.message} /`;
}

/** Several lines stay pieces until the end: joining them at each level would copy the same text again and again. */
function pieceOf(item: AnnotatedItem, bytes: Uint8Array, depth: number): Piece {
  const { children, major } = item;
  if (major < 2) return String(integerOf(item, bytes));
  if (major === 2) return `h'${formatHex(contentBytes(item, bytes))}'`;
  if (major === 3) return JSON.stringify(textOf(item, bytes) ?? '');
  if (major === 7) return isFloat(item) ? formatFloat(item, bytes) : item.label;
  if (major === 6)
    return inRow([`${item.label.slice(4, -1)}(`, ...children.map((child) => pieceOf(child, bytes, depth)), ')']);
  const inner = children.map((child) => pieceOf(child, bytes, depth + 1));
  const parts = major === 4 ? inner : pairs(inner);
  const [open, close] = major === 4 ? ['[', ']'] : ['{', '}'];
  const texts = parts.filter((part) => typeof part === 'string');
  const width = texts.reduce((sum, text) => sum + text.length + 2, indentOf(depth).length);
  if (parts.length === 0 || (texts.length === parts.length && width <= WIDTH))
    return `${open}${texts.join(', ')}${close}`;
  const lines = parts.flatMap((part, at) => [at === 0 ? '\n' : ',\n', indentOf(depth + 1), part]);
  return [open, ...lines, '\n', indentOf(depth), close];
}

function indentOf(depth: number): string {
  return '  '.repeat(Math.min(depth, MAX_INDENT));
}

function pairs(parts: readonly Piece[]): Piece[] {
  return parts.flatMap((part, at) => (at % 2 === 0 ? [inRow([part, ': ', parts[at + 1] ?? ''])] : []));
}

function inRow(row: readonly Piece[]): Piece {
  return row.reduce((line, piece) => (typeof line === 'string' && typeof piece === 'string' ? line + piece : row));
}

/** `_1` is a float16, `_2` a float32; a float64 has no suffix. RFC 8949 §8.1. */
function formatFloat(item: AnnotatedItem, bytes: Uint8Array): string {
  const value = floatOf(item, bytes);
  const digits = Object.is(value, -0) ? '-0' : String(value);
  const suffix = item.label === 'float16' ? '_1' : item.label === 'float32' ? '_2' : '';
  return `${digits}${/^-?\d+$/.test(digits) ? '.0' : ''}${suffix}`;
}
