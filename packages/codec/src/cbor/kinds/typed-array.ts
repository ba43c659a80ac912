/** Typed arrays <-> bytes in little-endian order. RFC 8746 §2.1; FORMAT.md §4. Uint8Array has no tag. */

import { bytesOf, typedArrayName } from '../../bytes.ts';
import { ifReal, isBuiltIn } from '../brand.ts';
import { BYTES } from '../cursor.ts';
import { fault, missingType } from '../fault.ts';
import type { Kind } from './kind.ts';

// By tag: the name, and the bytes of an element.
const TYPES: ReadonlyMap<number, readonly [name: string, size: number]> = /* @__PURE__ */ new Map([
  [68, ['Uint8ClampedArray', 1]],
  [69, ['Uint16Array', 2]],
  [70, ['Uint32Array', 4]],
  [71, ['BigUint64Array', 8]],
  [72, ['Int8Array', 1]],
  [77, ['Int16Array', 2]],
  [78, ['Int32Array', 4]],
  [79, ['BigInt64Array', 8]],
  [84, ['Float16Array', 2]],
  [85, ['Float32Array', 4]],
  [86, ['Float64Array', 8]],
]);
const TAGS: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Array.from(TYPES, ([tag, [name]]) => [name, tag]),
);

export const typedArray: Kind = {
  names: /* @__PURE__ */ Array.from(TAGS.keys()),
  tags: /* @__PURE__ */ Array.from(TYPES.keys()),
  write(value, prototype, writer, depth) {
    const name = typedArrayName(value) ?? '';
    const tag = TAGS.get(name);
    if (tag === undefined || !isBuiltIn(prototype, prototypeOf(name), 2, 'BYTES_PER_ELEMENT')) return undefined;
    const bytes = ifReal(() => bytesOf(value)); // undefined if its memory is detached
    return bytes === undefined ? undefined : writer.tagged(value, tag, depth, bytes);
  },
  check(checker, tag, depth) {
    const start = checker.offset;
    if (checker.peek() !== BYTES) throw fault('type', start);
    const length = checker.argument();
    checker.offset = start;
    checker.item(depth);
    if (length % (TYPES.get(tag)?.[1] ?? 1) !== 0) throw fault('length', start);
  },
  read(content, _reader, tag) {
    if (!(content instanceof Uint8Array)) throw fault('type');
    const name = TYPES.get(tag)?.[0] ?? '';
    const type: unknown = Reflect.get(globalThis, name);
    if (typeof type === 'function') return Reflect.construct(type, [content.buffer]); // the engine made a copy for it
    throw missingType(name);
  },
};

function prototypeOf(name: string): object | undefined {
  return Reflect.get(globalThis, name)?.prototype;
}
