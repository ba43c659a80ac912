/** Any value -> an item that the engine writes exactly: all user code runs here, and what cannot come back is refused with its path. FORMAT.md §4. */

import { encodeDate } from './date.ts';
import { Fields, NEGATIVE_ZERO, recognisable, Tag } from './engine.ts';
import { Refusal, type SealErrorCode } from './error.ts';
import { formatPath, type Step } from './path.ts';
import { type Profile, TAG_CLASS, TAG_DATE, TAG_MAP, TAG_SET, TAG_URL, TYPED_ARRAYS } from './profile.ts';
import type { RegisteredType } from './registry.ts';

/**
 * @returns a copy that holds only null, undefined, booleans, numbers, bigints, texts, Uint8Arrays, arrays, Maps (for objects), Tags
 *   and NEGATIVE_ZERO. Getters have run, once; nothing in it is the caller's but texts and bytes.
 * @throws {Refusal} `ERR_SEAL_TYPE_UNKNOWN`: something that would not come back as it was; `ERR_SEAL_TOO_LARGE`: a limit. With path.
 */
export function lower(value: unknown, profile: Profile): unknown {
  return new Lowering(profile).item(value, 0);
}

/** The engine writes -2^64 as a bignum, one before it has to, and so does the format. */
const LAST_NEGATIVE = -(2n ** 64n);

/** One walk. `depth` is the number of arrays, maps and tags around the item, as the gate will count them. */
class Lowering {
  readonly #profile: Profile;
  readonly #steps: Step[] = []; // by depth
  readonly #containers: unknown[] = []; // by depth
  #items = 0;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  item(value: unknown, depth: number): unknown {
    this.#count(1, depth);
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) throw this.#refusal(depth, 'a text with a lone surrogate');
        return value;
      case 'number':
        return value === 0 && 1 / value < 0 ? NEGATIVE_ZERO : value;
      case 'boolean':
      case 'undefined':
        return value;
      case 'object':
        return value === null ? null : this.#object(value, depth);
      case 'bigint':
        return this.#bigint(value, depth);
      default:
        throw this.#refusal(depth, `a ${typeof value}`);
    }
  }

  #object(value: object, depth: number): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (isPlain(value, prototype)) return this.#plain(value, depth);
    if (Array.isArray(value) && isArrayPrototype(prototype)) return this.#array(value, depth);
    if (prototype === Uint8Array.prototype && value instanceof Uint8Array) return value;
    const type = this.#profile.types.byPrototype.get(prototype);
    if (type !== undefined) return this.#instance(value, type, depth);
    return this.#builtIn(value, prototype, depth);
  }

  #plain(value: Readonly<Record<string, unknown>>, depth: number): Fields {
    this.#enter(value, depth);
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.#refusal(depth, 'an object with a symbol for a key');
    const { numbers } = this.#profile;
    const keys: (string | number)[] = Object.keys(value);
    const items: unknown[] = new Array(keys.length);
    for (let at = 0; at < items.length; at++) {
      const name = String(keys[at]);
      this.#steps[depth] = name;
      this.#count(1, depth);
      if (name === '__proto__') throw this.#refusal(depth + 1, 'the key __proto__');
      if (!name.isWellFormed()) throw this.#refusal(depth, 'an object with a lone surrogate in a key');
      items[at] = this.item(value[name], depth + 1);
      keys[at] = numbers.get(name) ?? name;
    }
    return new Fields(keys, items);
  }

  #array(value: readonly unknown[], depth: number): unknown[] {
    this.#enter(value, depth);
    const { length } = value;
    this.#steps[depth] = undefined;
    if (length > this.#profile.limits.items)
      throw this.#tooLarge(depth, `more than ${this.#profile.limits.items} items`);
    if (Object.keys(value).length !== length)
      throw this.#refusal(depth, 'an array with holes or properties of its own');
    const items: unknown[] = new Array(length);
    for (let at = 0; at < length; at++) {
      this.#steps[depth] = at;
      items[at] = this.item(value[at], depth + 1);
    }
    return recognisable(items);
  }

  #instance(value: object, type: RegisteredType, depth: number): Tag {
    const items = type.encode(value);
    return this.#tagged(value, TAG_CLASS, depth, () => {
      this.#count(1, depth);
      const named = items.map((item, at) => {
        this.#steps[depth + 1] = type.itemNames[at];
        return this.item(item, depth + 2);
      });
      return [type.name, ...named];
    });
  }

  #builtIn(value: object, prototype: unknown, depth: number): unknown {
    if (prototype === Date.prototype) {
      const time = this.#real(depth, 'Date', () => Date.prototype.getTime.call(value));
      if (Number.isNaN(time)) throw this.#refusal(depth, 'an invalid Date');
      return this.#wrapped(value, TAG_DATE, depth, encodeDate(time));
    }
    if (prototype === Map.prototype) {
      const entries = this.#real(depth, 'Map', () => [...Map.prototype.entries.call(value)]);
      return this.#tagged(value, TAG_MAP, depth, () => {
        const map = new Map<unknown, unknown>();
        entries.forEach(([key, item], at) => {
          this.#steps[depth + 1] = { part: 'key', at };
          const lowered = this.item(key, depth + 2);
          this.#steps[depth + 1] = { part: 'value', at };
          map.set(lowered, this.item(item, depth + 2));
        });
        return map;
      });
    }
    if (prototype === Set.prototype) {
      const members = this.#real(depth, 'Set', () => [...Set.prototype.values.call(value)]);
      return this.#tagged(value, TAG_SET, depth, () =>
        members.map((member, at) => {
          this.#steps[depth + 1] = { part: 'member', at };
          return this.item(member, depth + 2);
        }),
      );
    }
    if (prototype === URL.prototype && value instanceof URL) {
      return this.#wrapped(
        value,
        TAG_URL,
        depth,
        this.#real(depth, 'URL', () => value.href),
      );
    }
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      if (isBuffer(prototype)) return bytes;
      const kind = TYPED_ARRAYS.find(({ name }) => prototype === Reflect.get(globalThis, name)?.prototype);
      if (kind !== undefined) return this.#wrapped(value, kind.tag, depth, bytes);
    }
    throw this.#at('ERR_SEAL_TYPE_UNKNOWN', depth, `class ${className(prototype)} is not registered`);
  }

  #bigint(value: bigint, depth: number): bigint {
    const magnitude = value < 0n ? -1n - value : value;
    if (magnitude >> 64n === 0n && value !== LAST_NEGATIVE) return value;
    const { bignumBytes } = this.#profile.limits;
    if (magnitude >> BigInt(8 * bignumBytes) !== 0n)
      throw this.#tooLarge(depth, `a bigint of over ${bignumBytes} bytes`);
    this.#enter(undefined, depth); // a tag and its byte string
    this.#count(1, depth);
    return value;
  }

  /** A tag around an array or map that `content` makes. */
  #tagged(value: object, tag: number, depth: number, content: () => unknown[] | Map<unknown, unknown>): Tag {
    this.#enter(value, depth, 2);
    if (tag !== TAG_CLASS) this.#refuseProperties(value, depth);
    this.#steps[depth] = undefined;
    this.#count(1, depth);
    return new Tag(recognisable(content()), tag);
  }

  /** A tag around a number, text or byte string. */
  #wrapped(value: object, tag: number, depth: number, content: unknown): Tag {
    this.#enter(value, depth);
    if (!ArrayBuffer.isView(value)) this.#refuseProperties(value, depth);
    this.#count(1, depth);
    return new Tag(content, tag);
  }

  #count(items: number, depth: number): void {
    this.#items += items;
    if (this.#items > this.#profile.limits.items)
      throw this.#tooLarge(depth, `more than ${this.#profile.limits.items} items`);
  }

  /** One or two levels down. Every cycle comes to an end here, and is told from a value that is merely deep. */
  #enter(container: unknown, depth: number, levels = 1): void {
    if (depth + levels > this.#profile.limits.depth) {
      const above = [...this.#containers.slice(0, depth), container];
      const again = above.findIndex((one, at) => one !== undefined && above.indexOf(one) < at);
      if (again >= 0) throw this.#refusal(again, 'a value that contains itself');
      throw this.#tooLarge(depth, `nested deeper than ${this.#profile.limits.depth} levels`);
    }
    this.#containers[depth] = container;
    if (levels > 1) this.#containers[depth + 1] = undefined;
  }

  /** Maps, Sets, Dates and URLs come back as such, so a property that someone has put on one would be lost. */
  #refuseProperties(value: object, depth: number): void {
    // In Deno each URL has a symbol of its own.
    const own = value instanceof URL ? Object.getOwnPropertyNames(value) : Reflect.ownKeys(value);
    if (own.length > 0) throw this.#refusal(depth, 'a built-in object with properties of its own');
  }

  /** `read`, which throws on what only pretends to be a `name`, such as Object.create(Map.prototype). */
  #real<T>(depth: number, name: string, read: () => T): T {
    try {
      return read();
    } catch {
      throw this.#refusal(depth, `an object that is no real ${name}`);
    }
  }

  #refusal(depth: number, what: string): Refusal {
    return this.#at('ERR_SEAL_TYPE_UNKNOWN', depth, `${what} cannot be sealed`);
  }

  #tooLarge(depth: number, what: string): Refusal {
    return this.#at('ERR_SEAL_TOO_LARGE', depth, what);
  }

  #at(code: SealErrorCode, depth: number, what: string): Refusal {
    return new Refusal(code, `${formatPath(this.#steps.slice(0, depth))}: ${what}`);
  }
}

/** Of this realm or another, as vm contexts and some edge runtimes have. A subclass's prototype is no array itself. */
function isArrayPrototype(prototype: unknown): boolean {
  return prototype === Array.prototype || Array.isArray(prototype);
}

/** An object literal or one without prototype, of this realm or another. */
function isPlain(value: object, prototype: unknown): value is Readonly<Record<string, unknown>> {
  if (prototype === Object.prototype || prototype === null) return true;
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty') &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** Node's Buffer, without naming it where bundlers would bring their own along. */
function isBuffer(prototype: unknown): boolean {
  return prototype === Reflect.get(globalThis, 'Buffer')?.prototype;
}

function className(prototype: unknown): string {
  const name: unknown =
    typeof prototype === 'object' && prototype !== null ? Reflect.get(prototype, 'constructor')?.name : '';
  return typeof name === 'string' && name !== '' ? name : '(anonymous)';
}
