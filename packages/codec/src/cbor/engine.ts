/** Lowered item <-> CBOR bytes: our private, narrowed cbor-x. The one file that imports it; write.ts and check.ts keep its edges out of reach. */

import { setExtractor, Tag } from 'cbor-x/decode';
import { addExtension, Encoder } from 'cbor-x/encode';
import { createRoom, type Room, roomFor } from '../room.ts';

export { Tag };

class NegativeZero {}

/** Stands for -0, which cbor-x writes as 0. */
export const NEGATIVE_ZERO: object = /* @__PURE__ */ new NegativeZero();

// cbor-x returns its whole buffer with the ends of the message in it, and keeps its position where the message began.
const REUSE_BUFFER_MODE = 512;
const RESET_BUFFER_MODE = 1024;
// It starts no message in less than this, and wants some bytes more than an item needs.
const LEAST_BUFFER = 2100;
const SLACK = 32;

const entry: [key: unknown, value: unknown] = [undefined, undefined];
const NOTHING: readonly unknown[] = [];

/**
 * The fields of an object, which the engine writes as it writes a Map: it tells one by its constructor, and asks for its size and its
 * entries. A real Map of a session's fields would take a kilobyte, so these are used again, and their values stand in one list.
 */
export class Fields {
  size = 0;
  done = false;
  #keys: readonly unknown[] = NOTHING;
  #values: readonly unknown[] = NOTHING;
  #first = 0;
  #at = 0;

  /** @param first where in `values` those of the object begin. */
  set(keys: readonly unknown[], values: readonly unknown[], first: number): this {
    this.size = keys.length;
    this.#keys = keys;
    this.#values = values;
    this.#first = first;
    return this;
  }

  /** Computed, because a class cannot name it otherwise. */
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

/** One engine for each way of reading maps; the writer is either. */
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
 * @param bound how many bytes the item takes at most, so that the engine never needs a larger buffer and leaves no copy in a smaller one.
 * @returns memory that the next item is written to as well, and that has to be wiped before.
 */
export function encodeItem(item: unknown, bound: number): Payload {
  engines ??= createEngines();
  const room = roomFor(kept, Math.max(bound + SLACK, LEAST_BUFFER));
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
 * @param payload what check.ts has let through: `length` bytes at its start.
 * @param isPlain whether nothing in it needs read.ts; then maps become objects at once, a third quicker.
 * @returns otherwise Maps where the payload has maps, Tags where it has tags, and bigints for integers of more than 32 bits.
 */
export function decodeItem(payload: Uint8Array, length: number, isPlain: boolean): unknown {
  engines ??= createEngines();
  return (isPlain ? engines.objects : engines.maps).decode(payload, length);
}

/** In Node.js the engine writes strings by a method of Buffer. */
function writable({ bytes, payload }: Room): Uint8Array {
  const Buffer = Reflect.get(globalThis, 'Buffer');
  return Buffer === undefined ? payload : Buffer.from(bytes.buffer, payload.byteOffset);
}

/** At first use and not at import, so that importing this package does nothing. */
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

/** For strings that are longer or not ASCII: the engine's own reader loses a U+FEFF at the start of one. */
function stringReader(): (start: number, end: number, length: number, bytes: Uint8Array) => string {
  const slice: unknown = Reflect.get(globalThis, 'Buffer')?.prototype.utf8Slice;
  if (typeof slice === 'function') return (start, _end, length, bytes) => slice.call(bytes, start, start + length);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return (start, _end, length, bytes) => decoder.decode(bytes.subarray(start, start + length));
}
