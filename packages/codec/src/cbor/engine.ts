/** Item <-> CBOR bytes, with cbor-x. The only file that imports it. write.ts and check.ts pass on only what it handles exactly. */

import { setExtractor, Tag } from 'cbor-x/decode';
import { addExtension, Encoder } from 'cbor-x/encode';
import { createRoom, type Room, roomFor } from '../room.ts';

export { Tag };

class NegativeZero {}

/** Represents -0, which cbor-x would write as 0. */
export const NEGATIVE_ZERO: object = /* @__PURE__ */ new NegativeZero();

// With these modes cbor-x returns its whole buffer with the start and end of the message, and starts the next message at the same place.
const REUSE_BUFFER_MODE = 512;
const RESET_BUFFER_MODE = 1024;
// It starts a message only if this many bytes are free, and needs some bytes more than the item.
const MIN_BUFFER = 2100;
const SLACK = 32;

const entry: [key: unknown, value: unknown] = [undefined, undefined];
const NOTHING: readonly unknown[] = [];

/**
 * The fields of an object in the form of a Map. The engine recognises a Map by its constructor, and reads its size and its entries. A real Map
 * of a session's fields would take a kilobyte. So Fields are used again, and the values of all of them are in one array.
 */
export class Fields {
  size = 0;
  done = false;
  #keys: readonly unknown[] = NOTHING;
  #values: readonly unknown[] = NOTHING;
  #first = 0;
  #at = 0;

  /** @param first the index in `values` of the object's first value. */
  set(keys: readonly unknown[], values: readonly unknown[], first: number): this {
    this.size = keys.length;
    this.#keys = keys;
    this.#values = values;
    this.#first = first;
    return this;
  }

  /** Computed, because a class cannot have a getter named `constructor` otherwise. */
  get ['constructor'](): MapConstructor {
    return Map;
  }

  get value(): typeof entry {
    return entry;
  }

  [Symbol.iterator](): this {
    this.#at = 0;
    this.done = false;
    return this;
  }

  next(): this {
    entry[0] = this.#keys[this.#at];
    entry[1] = this.#values[this.#first + this.#at];
    this.done = this.#at++ === this.size;
    return this;
  }
}

/** One engine for each way of reading maps. Both write the same. */
interface Engines {
  readonly objects: Encoder;
  readonly maps: Encoder;
}

/** A payload: `length` bytes at the start of `room.payload`. */
export interface Payload {
  readonly room: Room;
  readonly length: number;
}

let engines: Engines | undefined;
const kept: Room = /* @__PURE__ */ createRoom();
let target: Room | undefined;

/**
 * @param bound the maximum number of bytes of the item. With it the engine never moves to a larger buffer, which would leave a copy in the old one.
 * @returns memory that the next item is written to as well. The caller must wipe it first.
 */
export function encodeItem(item: unknown, bound: number): Payload {
  engines ??= createEngines();
  const room = roomFor(kept, Math.max(bound + SLACK, MIN_BUFFER));
  if (target !== room) engines.maps.useBuffer(writable(room));
  target = room;
  try {
    const { start, end } = engines.maps.encode(item, REUSE_BUFFER_MODE | RESET_BUFFER_MODE);
    return { room, length: end - start };
  } catch (thrown) {
    room.payload.fill(0);
    throw thrown;
  }
}

/**
 * @param payload memory with a payload that check.ts has accepted in its first `length` bytes.
 * @param isPlain whether nothing in the payload needs read.ts. Then the engine reads maps as objects, which is a third faster.
 * @returns the value if `isPlain`; otherwise an item with Maps for maps, Tags for tags, and bigints for integers of more than 32 bits.
 */
export function decodeItem(payload: Uint8Array, length: number, isPlain: boolean): unknown {
  engines ??= createEngines();
  return (isPlain ? engines.objects : engines.maps).decode(payload, length);
}

/** In Node.js the engine needs a Buffer, because it writes strings with a method of Buffer. */
function writable({ bytes, payload }: Room): Uint8Array {
  const Buffer = Reflect.get(globalThis, 'Buffer');
  return Buffer === undefined ? payload : Buffer.from(bytes.buffer, payload.byteOffset);
}

/** Called at first use and not at import, so that importing this package has no side effects. */
function createEngines(): Engines {
  addExtension({
    Class: NegativeZero,
    encode(_, write) {
      this.alwaysUseFloat = true;
      write(-0);
      this.alwaysUseFloat = false;
    },
  });
  setExtractor(stringReader());
  const options = {
    useRecords: false,
    variableMapSize: true,
    tagUint8Array: false,
    useTag259ForMaps: false,
    copyBuffers: true,
  };
  return {
    objects: new Encoder({ ...options, mapsAsObjects: true, int64AsNumber: true }),
    maps: new Encoder({ ...options, mapsAsObjects: false }),
  };
}

/** Reads strings that are long or not ASCII. The engine's own reader loses a U+FEFF at the start of a string. */
function stringReader(): (start: number, end: number, length: number, bytes: Uint8Array) => string {
  const slice: unknown = Reflect.get(globalThis, 'Buffer')?.prototype.utf8Slice;
  if (typeof slice === 'function') return (start, _end, length, bytes) => slice.call(bytes, start, start + length);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return (start, _end, length, bytes) => decoder.decode(bytes.subarray(start, start + length));
}
