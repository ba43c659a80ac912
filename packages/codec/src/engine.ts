/** Lowered item <-> CBOR bytes: our private, narrowed cbor-x. The one file that imports it; lower.ts and gate.ts keep its edges out of reach. */

import { addExtension, Encoder, Tag } from 'cbor-x/index-no-eval';

export { Tag };

class NegativeZero {}

/** Stands for -0, which cbor-x writes as 0. */
export const NEGATIVE_ZERO: object = /* @__PURE__ */ new NegativeZero();

// cbor-x returns its whole buffer with the ends of the message in it, and keeps its position where the message began, so that one
// buffer serves all messages.
const REUSE_BUFFER_MODE = 512;
const RESET_BUFFER_MODE = 1024;

const entry: [key: unknown, value: unknown] = [undefined, undefined];

/**
 * The fields of an object, which the engine writes as it writes a Map: it recognises one by its constructor, and asks for its size and its
 * entries. A real Map of a session's fields would take a kilobyte.
 */
export class Fields {
  readonly size: number;
  done = false;
  readonly value: typeof entry = entry;
  readonly #keys: readonly unknown[];
  readonly #values: readonly unknown[];
  #at = 0;

  constructor(keys: readonly unknown[], values: readonly unknown[]) {
    this.size = keys.length;
    this.#keys = keys;
    this.#values = values;
  }

  /** Computed, because a class cannot name it otherwise. */
  get ['constructor'](): MapConstructor {
    return Map;
  }

  [Symbol.iterator](): this {
    this.#at = 0;
    this.done = false;
    return this;
  }

  next(): this {
    entry[0] = this.#keys[this.#at];
    entry[1] = this.#values[this.#at];
    this.done = this.#at++ === this.size;
    return this;
  }
}

/**
 * Returns the array or Map, which the engine then writes as one. It recognises them by their constructor, and compares that with a global: in
 * Next's edge sandbox, for example, the global `Array` is a Proxy, and not the constructor of an array literal.
 */
export function recognisable<T extends readonly unknown[] | ReadonlyMap<unknown, unknown>>(item: T): T {
  const expected = Array.isArray(item) ? Array : Map;
  if (item.constructor !== expected) Object.defineProperty(item, 'constructor', { value: expected });
  return item;
}

/** One engine each way of reading maps; the writer is either. */
interface Engines {
  readonly objects: Encoder;
  readonly maps: Encoder;
}

let engines: Engines | undefined;
let scratch: ArrayBufferLike | undefined;

/** @returns a view into the engine's buffer, to be handed to `wipe` before anything else is encoded. */
export function encodeItem(lowered: unknown): Uint8Array {
  engines ??= createEngines();
  const { buffer, byteOffset, start, end } = engines.maps.encode(lowered, REUSE_BUFFER_MODE | RESET_BUFFER_MODE);
  return new Uint8Array(buffer, byteOffset + start, end - start); // in Node it was a Buffer, whose slice() shares memory
}

/** Clears the plaintext out of the engine's buffer, and out of the one that it has just outgrown. */
export function wipe(view: Uint8Array): void {
  view.fill(0);
  if (scratch !== view.buffer) {
    if (scratch !== undefined) new Uint8Array(scratch).fill(0);
    scratch = view.buffer;
  }
}

/**
 * @param bytes what the gate has let through.
 * @param isPlain whether it says that no raising is needed; then maps become objects at once, a third quicker.
 * @returns else Maps where the payload has maps, and Tags for 1, 27, 32, 84, 258 and 259.
 */
export function decodeItem(bytes: Uint8Array, isPlain: boolean): unknown {
  engines ??= createEngines();
  return (isPlain ? engines.objects : engines.maps).decode(bytes);
}

/** At first use and not at import, so that importing this package does nothing. */
function createEngines(): Engines {
  // The list of extensions is the module's, hence ours alone in the published bundle. These replace readers that cannot be switched
  // off: 1 is off by a millisecond for some dates far away, 27 would look a name up among the global classes, 258 and 259 would hide what
  // is a Map and what an object.
  for (const tag of [1, 27, 258, 259]) addExtension({ tag, decode: (value) => new Tag(value, tag) });
  addExtension({
    Class: NegativeZero,
    encode(_, write) {
      this.alwaysUseFloat = true;
      write(-0);
      this.alwaysUseFloat = false;
    },
  });
  const options = {
    useRecords: false,
    variableMapSize: true,
    tagUint8Array: false,
    useTag259ForMaps: false,
    copyBuffers: true,
  };
  return {
    objects: new Encoder({ ...options, mapsAsObjects: true }),
    maps: new Encoder({ ...options, mapsAsObjects: false }),
  };
}
