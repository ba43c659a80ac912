/** Payload bytes -> CBOR diagnostic notation, indented. RFC 8949 §8. */

import type { AnnotatedItem } from '../explanation.ts';
import { formatHex } from '../text.ts';
import { annotate } from './annotate.ts';
import { contentBytes, floatAt, integerOf, textOf } from './scalars.ts';

const WIDTH = 80;

/**
 * Total, as `annotate` is; where reading stopped, a comment says why.
 *
 * @example
 * import { formatDiagnostic } from '@sealring/inspect';
 * console.log(formatDiagnostic(Uint8Array.of(0xa1, 0x61, 0x61, 0xc1, 0x00))); // {"a": 1(0)}
 */
export function formatDiagnostic(bytes: Uint8Array): string {
  const { root, fault } = annotate(bytes);
  const notation = root === undefined ? '' : format(root, bytes, '');
  if (fault === undefined) return notation;
  return `${notation}${notation === '' ? '' : '\n'}/ byte ${fault.at}: ${fault.message} /`;
}

function format(item: AnnotatedItem, bytes: Uint8Array, indent: string): string {
  const { children, major } = item;
  if (major < 2) return formatInteger(item, bytes);
  if (major === 2) return `h'${formatHex(contentBytes(item, bytes))}'`;
  if (major === 3) return JSON.stringify(textOf(item, bytes) ?? '');
  if (major === 6)
    return `${item.label.slice(4, -1)}(${children.map((child) => format(child, bytes, indent)).join('')})`;
  if (major === 7) return item.label === 'float64' ? formatFloat(floatAt(bytes, item.head.from)) : item.label;
  const inner = children.map((child) => format(child, bytes, `${indent}  `));
  const parts = major === 4 ? inner : pairs(inner);
  const [open, close] = major === 4 ? ['[', ']'] : ['{', '}'];
  const width = parts.reduce((sum, part) => sum + part.length + 2, indent.length);
  if (width <= WIDTH && !parts.some((part) => part.includes('\n'))) return `${open}${parts.join(', ')}${close}`;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}

function pairs(parts: readonly string[]): string[] {
  return parts.flatMap((part, at) => (at % 2 === 0 ? [`${part}: ${parts[at + 1] ?? ''}`] : []));
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
