/** Any value -> an item that the engine writes exactly, or a refusal with the path of the part that cannot be sealed. Getters of the application run here. FORMAT.md §4. */

import { bytesOf, elementsOf, typedArrayName } from '../bytes.ts';
import { Refusal, type SealErrorCode } from '../error.ts';
import type { Limits } from '../limits.ts';
import {
  className,
  countEnumerable,
  ifReal,
  isArrayPrototype,
  isBuffer,
  isBuiltIn,
  isPlain,
  typeName,
} from './brand.ts';
import { Fields, NEGATIVE_ZERO, Tag } from './engine.ts';
import { writeBigint } from './kinds/bigint.ts';
import { writeInstance } from './kinds/instance.ts';
import type { ValueWriter } from './kinds/kind.ts';
import { formatPath, type Step } from './path.ts';
import type { Profile } from './profile.ts';

const HEAD = 9; // the longest, and a float64
const MAX_UINT32 = 0xffff_ffff;
const MAX_LISTED = 1024; // bytes
const MAX_KEPT = 256; // objects, and values in them
const NOTHING: readonly unknown[] = [];

/**
 * Copies a value to an item, which holds only null, undefined, booleans, numbers, bigints (integers of more than 32 bits), strings, Uint8Arrays,
 * arrays, Fields, Maps, Tags and NEGATIVE_ZERO. Each getter runs once. The item shares no object with the value except memory of typed arrays.
 *
 * @param use gets the item and the maximum number of its bytes. The item is valid only until `use` returns.
 * @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN`: a part of the value would not come back as it was; `ERR_SEAL_TOO_LARGE`: it exceeds a limit. The
 *   message has the path.
 */
export function writeValue<T>(value: unknown, profile: Profile, use: (item: unknown, bound: number) => T): T {
  const writer = idle ?? new Writer();
  idle = undefined; // a getter may seal another value meanwhile
  try {
    writer.begin(profile);
    const item = writer.item(value, 0);
    return use(item, writer.bound);
  } finally {
    writer.end();
    idle = writer;
  }
}

let idle: Writer | undefined;

/** One pass. `depth` is the number of arrays, maps and tags around the item, as check.ts counts them. */
class Writer implements ValueWriter {
  bound = 0;
  #profile: Profile | undefined;
  #items = 0;
  #deepest = 0;
  readonly #steps: Step[] = []; // by depth
  readonly #containers: unknown[] = []; // by depth
  // Used again for the next value: the objects of the item, and the values of all of them.
  readonly #fields: Fields[] = [];
  #fieldCount = 0;
  readonly #values: unknown[] = [];
  #valueCount = 0;

  begin(profile: Profile): void {
    this.#profile = profile;
    this.#items = 0;
    this.#deepest = 0;
    this.#fieldCount = 0;
    this.#valueCount = 0;
    this.bound = 0;
  }

  /** Removes all references to the value. */
  end(): void {
    this.#containers.fill(undefined, 0, this.#deepest + 1);
    this.#steps.fill(undefined, 0, this.#deepest + 1);
    this.#values.fill(undefined, 0, this.#valueCount);
    for (let at = 0; at < this.#fieldCount; at++) this.#fields[at]?.set(NOTHING, NOTHING, 0);
    if (this.#fieldCount > MAX_KEPT) this.#fields.length = MAX_KEPT;
    if (this.#valueCount > MAX_KEPT) this.#values.length = MAX_KEPT;
  }

  get limits(): Limits {
    return this.profile.limits;
  }

  get profile(): Profile {
    if (this.#profile === undefined) throw new Error('begin() comes first');
    return this.#profile;
  }

  item(value: unknown, depth: number): unknown {
    this.#count(1, depth);
    switch (typeof value) {
      case 'string':
        return this.#string(value, depth, 'a string with a lone surrogate');
      case 'number':
        return writeNumber(value);
      case 'boolean':
      case 'undefined':
        return value;
      case 'object':
        return value === null ? null : this.#object(value, depth);
      case 'bigint':
        return writeBigint(value, this, depth);
      default:
        throw this.refusal(depth, `a ${typeof value}`);
    }
  }

  #string(value: string, depth: number, what: string): string {
    if (!value.isWellFormed()) throw this.refusal(depth, what);
    this.bound += 3 * value.length;
    return value;
  }

  #object(value: object, depth: number): unknown {
    const prototype: object | null = Object.getPrototypeOf(value);
    if (Array.isArray(value)) {
      if (isArrayPrototype(prototype)) return this.#array(value, prototype, depth);
    } else if (isPlain(value, prototype)) return this.#plain(value, prototype, depth);
    if (prototype === null) throw this.refusal(depth, 'an array without prototype');
    const registered = this.profile.types.byPrototype.get(prototype);
    if (registered !== undefined) return writeInstance(value, registered, this, depth);
    const name = typeName(value, prototype);
    const written = name === 'Uint8Array' ? this.#bytes(value, prototype) : this.#kind(name, value, prototype, depth);
    if (written !== undefined) {
      this.#refuseProperties(value, name, depth);
      return written;
    }
    const type = name.startsWith('Temporal.') ? name : className(prototype);
    if (type === name && typedArrayName(value) === type) throw this.refusal(depth, `a ${name} with detached memory`);
    if (this.profile.kindByName.has(type)) throw this.refusal(depth, `an object that only looks like a ${type}`);
    throw this.#at('ERR_SEAL_TYPE_UNKNOWN', depth, `class ${type} is not registered`);
  }

  #kind(name: string, value: object, prototype: object, depth: number): object | undefined {
    return this.profile.kindByName.get(name)?.write(value, prototype, this, depth);
  }

  #plain(value: Readonly<Record<string, unknown>>, prototype: object | null, depth: number): Fields {
    this.#enter(value, depth, 1, 0);
    const { numbers } = this.profile;
    const keys: (string | number)[] = Object.getOwnPropertyNames(value);
    if (countEnumerable(value, prototype) !== keys.length) {
      throw this.refusal(depth, 'an object with a property that is not enumerable');
    }
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.refusal(depth, 'an object with a symbol as a key');
    const first = this.#valueCount;
    this.#valueCount += keys.length;
    for (let at = 0; at < keys.length; at++) {
      const name = String(keys[at]);
      this.#steps[depth] = name;
      this.#count(1, depth);
      if (name === '__proto__') throw this.refusal(depth + 1, 'the key __proto__');
      this.#string(name, depth, 'an object with a lone surrogate in a key');
      this.#values[first + at] = this.item(value[name], depth + 1);
      keys[at] = numbers.get(name) ?? name;
    }
    const fields = (this.#fields[this.#fieldCount] ??= new Fields());
    this.#fieldCount++;
    return fields.set(keys, this.#values, first);
  }

  #array(value: readonly unknown[], prototype: object | null, depth: number): unknown[] {
    const { length } = value;
    this.#enter(value, depth, 1, length);
    const isListed = Object.isFrozen(value) || this.profile.verify; // the strings array of a template literal is frozen and has a hidden property
    if (
      countEnumerable(value, prototype) !== length ||
      Object.getOwnPropertySymbols(value).length > 0 ||
      (isListed && Object.getOwnPropertyNames(value).length > length + 1)
    ) {
      throw this.refusal(depth, 'an array with holes or extra properties');
    }
    const items: unknown[] = new Array(length);
    for (let at = 0; at < length; at++) {
      this.#steps[depth] = at;
      if (!Object.hasOwn(value, at)) throw this.refusal(depth, 'an array with holes or extra properties');
      items[at] = this.item(value[at], depth + 1);
    }
    return items;
  }

  /** Returns the bytes of a Uint8Array or Buffer of any realm, without the rest of its buffer. */
  #bytes(value: object, prototype: object): Uint8Array | undefined {
    if (!isBuiltIn(prototype, Uint8Array.prototype, 2, 'BYTES_PER_ELEMENT') && !isBuffer(prototype)) return undefined;
    const bytes = ifReal(() => bytesOf(value));
    this.bound += bytes?.length ?? 0;
    return bytes;
  }

  /** Throws if the application has added a property to a Map, Date …: it would be lost, because opening makes a new one. */
  #refuseProperties(value: object, name: string, depth: number): void {
    const isView = ArrayBuffer.isView(value);
    // The own keys of a typed array include all its indexes. They are listed only if that is cheap, or with `verify`.
    const isListed = !isView || this.profile.verify || (name !== 'Uint8Array' && bytesOf(value).length <= MAX_LISTED);
    const count = isListed ? Reflect.ownKeys(value).length : Object.getOwnPropertySymbols(value).length;
    const regular = !isListed
      ? 0
      : isView
        ? elementsOf(value)
        : (this.profile.kindByName.get(name)?.ownCount?.(value) ?? 0);
    if (count > regular) throw this.refusal(depth, `a ${name} with extra properties`);
  }

  tagged(value: object | undefined, tag: number, depth: number, content: string | number | Uint8Array): Tag {
    this.#enter(value, depth, 1, 1);
    this.#count(1, depth);
    if (typeof content === 'number') return new Tag(writeNumber(content), tag);
    this.bound += typeof content === 'string' ? 3 * content.length : content.length;
    return new Tag(content, tag);
  }

  enter(value: object, depth: number, length: number): void {
    this.#enter(value, depth, 2, length);
    this.#steps[depth] = undefined;
    this.#count(1, depth);
  }

  close(tag: number, content: unknown[] | Map<unknown, unknown>): Tag {
    return new Tag(content, tag);
  }

  step(depth: number, step: Step): void {
    this.#steps[depth] = step;
  }

  refusal(depth: number, what: string): Refusal {
    return this.#at('ERR_SEAL_TYPE_UNKNOWN', depth, `${what} cannot be sealed`);
  }

  tooLarge(depth: number, what: string): Refusal {
    return this.#at('ERR_SEAL_TOO_LARGE', depth, what);
  }

  #at(code: SealErrorCode, depth: number, what: string): Refusal {
    return new Refusal(code, `${formatPath(this.#steps.slice(0, depth))}: ${what}`);
  }

  #count(items: number, depth: number): void {
    this.#items += items;
    this.bound += HEAD * items;
    const { limits } = this.profile;
    if (this.#items > limits.items) throw this.tooLarge(depth, `more than ${limits.items} items`);
  }

  /** Goes one or two levels down. A value that contains itself reaches the depth limit here, and gets its own message. */
  #enter(container: unknown, depth: number, levels: number, length: number): void {
    const { limits } = this.profile;
    if (depth + levels > limits.depth) {
      const above = [...this.#containers.slice(0, depth), container];
      const again = above.findIndex((one, at) => one !== undefined && above.indexOf(one) < at);
      if (again >= 0) throw this.refusal(again, 'a value that contains itself');
      throw this.tooLarge(depth, `nested deeper than ${limits.depth} levels`);
    }
    if (length > limits.items) throw this.tooLarge(depth, `more than ${limits.items} items`);
    this.#containers[depth] = container;
    if (levels > 1) this.#containers[depth + 1] = undefined;
    this.#deepest = Math.max(this.#deepest, depth + levels);
  }
}

/** The engine would write integers of more than 32 bits as floats, but writes bigints as integers. */
function writeNumber(value: number): unknown {
  if (value >>> 0 === value) return Object.is(value, -0) ? NEGATIVE_ZERO : value;
  if (Number.isNaN(value)) return Number.NaN; // the format has one NaN; this one may have other bits
  const isLong = Number.isSafeInteger(value) && (value > MAX_UINT32 || value < -1 - MAX_UINT32);
  return isLong ? BigInt(value) : value;
}
