/** Any value -> bytes of this realm, if it is a Uint8Array of any realm (a vm context, an iframe, jsdom, Next's edge sandbox), recognised by its brand. */

/** Bytes in memory that no other thread shares. */
export type Bytes = Uint8Array<ArrayBuffer>;

const nameOf = /* @__PURE__ */ typedArrayGetter<string | undefined>(Symbol.toStringTag);
const bufferOf = /* @__PURE__ */ typedArrayGetter<ArrayBuffer>('buffer');
const offsetOf = /* @__PURE__ */ typedArrayGetter<number>('byteOffset');
/** How many elements a typed array has. */
export const elementsOf: (view: object) => number = /* @__PURE__ */ typedArrayGetter<number>('length');
const lengthOf = /* @__PURE__ */ typedArrayGetter<number>('byteLength');

/** Returns `Uint8Array`, `Float64Array` … for a typed array of any realm or subclass, and `undefined` for any other value. */
export function typedArrayName(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? nameOf(value) : undefined;
}

/**
 * Returns a view of this realm on the memory of a typed array. Reads the size with the built-in getter, so an own property named `byteLength` has
 * no effect.
 *
 * @throws {TypeError} if the memory is detached, or was resized to less.
 */
export function bytesOf(view: object): Uint8Array {
  Reflect.apply(Uint8Array.prototype.indexOf, view, [0, Number.POSITIVE_INFINITY]); // reads nothing, but throws if the memory is detached
  return new Uint8Array(bufferOf(view), offsetOf(view), lengthOf(view));
}

/** Returns the bytes of a Uint8Array or Buffer, or `undefined` for anything else. */
export function readBytes(value: unknown): Uint8Array | undefined {
  const isBytes = typeof value === 'object' && value !== null && nameOf(value) === 'Uint8Array';
  return isBytes ? bytesOf(value) : undefined;
}

/** Encodes UTF-8. In jsdom a TextEncoder returns bytes of another realm, which noble would reject. */
export function utf8(text: string): Uint8Array {
  return bytesOf(new TextEncoder().encode(text));
}

/** Encodes ASCII without a TextEncoder, for constants that are made at import. */
export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A getter of %TypedArray%.prototype, which works on the typed arrays of every realm. */
function typedArrayGetter<T>(name: string | symbol): (view: object) => T {
  const get = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name)?.get;
  if (get === undefined) throw new Error(`%TypedArray%.prototype has no getter ${String(name)}`);
  return (view) => Reflect.apply(get, view, []);
}
