/** One item of the tree -> the number, text or bytes that it is. RFC 8949 §3.1. */

import type { AnnotatedItem } from '../explanation.ts';

/** What stands behind the head. */
export function contentBytes({ head, bytes }: AnnotatedItem, payload: Uint8Array): Uint8Array {
  return payload.subarray(head.to, bytes.to);
}

/** The value of a text item; undefined where it is not UTF-8. */
export function textOf(item: AnnotatedItem, payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(contentBytes(item, payload));
  } catch {
    return undefined;
  }
}

/** The value of an item of major type 0 or 1. */
export function integerOf({ head, major }: AnnotatedItem, payload: Uint8Array): bigint {
  const [first = 0, ...rest] = payload.subarray(head.from, head.to);
  const argument = rest.length === 0 ? BigInt(first & 31) : bigintOf(Uint8Array.from(rest));
  return major === 1 ? -1n - argument : argument;
}

/** Big-endian. */
export function bigintOf(bytes: Uint8Array): bigint {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

/** The float64 whose head is at `at`. */
export function floatAt(payload: Uint8Array, at: number): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getFloat64(at + 1);
}
