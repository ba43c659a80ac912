/** One item of the tree -> its number, string or bytes. RFC 8949 §3.1, §3.3. */

import type { AnnotatedItem } from '../explanation.ts';

/** Returns the bytes after the head. */
export function contentBytes({ head, bytes }: AnnotatedItem, payload: Uint8Array): Uint8Array {
  return payload.subarray(head.to, bytes.to);
}

/** Returns the value of a text string, or `undefined` if it is not UTF-8. */
export function textOf(item: AnnotatedItem, payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(contentBytes(item, payload));
  } catch {
    return undefined;
  }
}

/** Returns the value of an item of major type 0 or 1. */
export function integerOf({ head, major }: AnnotatedItem, payload: Uint8Array): bigint {
  const [first = 0, ...rest] = payload.subarray(head.from, head.to);
  const argument = rest.length === 0 ? BigInt(first & 31) : bigintOf(Uint8Array.from(rest));
  return major === 1 ? -1n - argument : argument;
}

/** Returns the value of a number, or `undefined` for any other item. Integers beyond ±(2^53 - 1) are bigints, not numbers. */
export function numberOf(item: AnnotatedItem, payload: Uint8Array): number | undefined {
  if (isFloat(item)) return floatOf(item, payload);
  if (item.major > 1) return undefined;
  const number = Number(integerOf(item, payload));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Whether an item is a float16, float32 or float64. Other items of major type 7 have heads of one or two bytes. */
export function isFloat({ major, head }: AnnotatedItem): boolean {
  return major === 7 && head.to - head.from > 2;
}

/** Returns the value of a float of any width. */
export function floatOf({ head }: AnnotatedItem, payload: Uint8Array): number {
  const view = new DataView(payload.buffer, payload.byteOffset + head.from + 1, head.to - head.from - 1);
  if (view.byteLength === 8) return view.getFloat64(0);
  return view.byteLength === 4 ? view.getFloat32(0) : halfOf(view.getUint16(0));
}

/** RFC 8949 Appendix D. Not every engine has DataView.getFloat16. */
function halfOf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const infinite = mantissa === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  const finite = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  const size = exponent === 31 ? infinite : finite;
  return (bits & 0x8000) === 0 ? size : -size;
}

/** Reads a big-endian integer. */
export function bigintOf(bytes: Uint8Array): bigint {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}
