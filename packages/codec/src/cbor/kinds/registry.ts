/** Classes and names -> a registry: how instances of each class become items, and items become instances. FORMAT.md §5. */

import { Refusal } from '../../error.ts';
import { checkOptions, checkText, describe, own } from '../../options.ts';
import type { Kind } from './kind.ts';
import type { OptInTypes, RegisteredType, Types } from './types.ts';

/** A class. Its constructor may be private: only your own `decode` calls it. */
export interface ClassOf<T extends object> {
  readonly prototype: T;
  readonly name: string;
}

/** How to register a class by its fields. No constructor runs when a token is opened, so use a `Pair` for classes with `#private` fields. */
export interface Fields<T extends object> {
  /** Names of properties. The array is append-only: add new names at its end, and never change the order. New fields are undefined in older tokens. */
  fields: readonly (keyof T & string)[];
}

/** How to register a class by two functions. `encode` returns any value that can be sealed; `decode` gets that value and returns an instance of the class. */
export interface Pair<T extends object, E> {
  encode: (instance: T) => E;
  decode: (encoded: E) => T;
}

/**
 * Creates an empty registry. `register` adds a class and returns the registry. Registries are independent of each other.
 *
 * @example
 * import { typeRegistry } from '@sealring/codec';
 * class Point {
 *   x = 0;
 *   y = 0;
 * }
 * const types = typeRegistry().register('P', Point, { fields: ['x', 'y'] });
 */
export function typeRegistry(): TypeRegistry {
  return new Registry();
}

/**
 * The classes whose instances one or more sealers can seal and open.
 *
 * @example
 * import { createSealer, generateKey, typeRegistry } from '@sealring/codec';
 * class Money {
 *   cents: number;
 *   currency: string;
 *   constructor(cents: number, currency: string) {
 *     this.cents = cents;
 *     this.currency = currency;
 *   }
 * }
 * const types = typeRegistry().register('Money', Money, { fields: ['cents', 'currency'] });
 * const sealer = createSealer({ keys: [generateKey()], purpose: 'example', types });
 * const { value } = sealer.open(sealer.seal(new Money(1250, 'EUR')));
 * console.log(value instanceof Money); // true
 */
export interface TypeRegistry {
  /**
   * Adds a class under a name. The name is part of every token with an instance, so names of 1 to 4 letters keep tokens short.
   *
   * @throws {TypeError} if the name or the class is already registered, the class needs no registration, fields cannot hold its state, or
   *   a sealer already uses this registry.
   */
  register<T extends object>(name: string, type: ClassOf<T>, how: Fields<NoInfer<T>>): this;
  register<T extends object, const E>(name: string, type: ClassOf<T>, how: Pair<NoInfer<T>, E>): this;
  /** Adds built-in types that are not sealed by default, such as `temporalTypes`. */
  register(types: readonly OptInTypes[]): this;
}

/** The only implementation of `TypeRegistry`. */
export class Registry implements TypeRegistry {
  readonly #byName = new Map<string, RegisteredType>();
  readonly #byPrototype = new Map<unknown, RegisteredType>();
  readonly #optIn: Kind[] = [];
  #isFrozen = false;

  register<T extends object>(name: string, type: ClassOf<T>, how: Fields<NoInfer<T>>): this;
  register<T extends object, const E>(name: string, type: ClassOf<T>, how: Pair<NoInfer<T>, E>): this;
  register(types: readonly OptInTypes[]): this;
  register<T extends object, E>(
    given: string | readonly OptInTypes[],
    type?: ClassOf<T>,
    how?: Fields<T> | Pair<T, E>,
  ): this {
    if (this.#isFrozen) {
      const what = typeof given === 'string' ? `"${given}"` : 'types';
      throw new TypeError(`${what} was registered after a sealer was made with this registry`);
    }
    if (typeof given !== 'string') {
      if (!Array.isArray(given) || !given.every(isKind)) {
        throw new TypeError(`register() expected a name and a class, or temporalTypes, got ${describe(given)}`);
      }
      this.#optIn.push(...given);
      return this;
    }
    const name = checkText('name', given);
    if (this.#byName.has(name)) throw new TypeError(`"${name}" is registered twice`);
    const prototype: unknown = typeof type === 'function' ? Reflect.get(type, 'prototype') : undefined;
    if (type === undefined || typeof prototype !== 'object' || prototype === null) {
      throw new TypeError(`"${name}" expected a class, got ${describe(type)}`);
    }
    const registered = this.#byPrototype.get(prototype);
    if (registered) throw new TypeError(`class ${type.name} is registered as "${registered.name}" and "${name}"`);
    if (NEEDLESS.has(type.name) && isNative(prototype)) throw new TypeError(`class ${type.name} needs no registration`);
    if (how === undefined) throw new TypeError(`"${name}" expected "fields", or both "encode" and "decode"`);
    const entry = isFields(how) ? byFields(name, type, how) : byPair(name, type, how);
    this.#byName.set(name, entry);
    this.#byPrototype.set(prototype, entry);
    return this;
  }

  /** Returns the lookups for a new sealer. After that, nothing can be added. */
  freeze(): Types & { readonly optIn: readonly Kind[] } {
    this.#isFrozen = true;
    return { byName: this.#byName, byPrototype: this.#byPrototype, optIn: this.#optIn };
  }
}

function isKind(given: OptInTypes): given is Kind {
  return typeof given === 'object' && given !== null && 'write' in given;
}

function isFields<T extends object, E>(how: Fields<T> | Pair<T, E>): how is Fields<T> {
  return Object.hasOwn(how, 'fields');
}

function byFields<T extends object>(name: string, type: ClassOf<T>, how: Fields<T>): RegisteredType {
  checkOptions(`"${name}"`, how, ['fields']);
  if (!Array.isArray(how.fields)) throw new TypeError(`"${name}.fields" expected names, got ${describe(how.fields)}`);
  const fields: readonly string[] = how.fields.map((field, at) => checkText(`${name}.fields[${at}]`, field));
  if (new Set(fields).size < fields.length) throw new TypeError(`"${name}.fields" names one field twice`);
  if (fields.includes('__proto__')) throw new TypeError(`"${name}.fields" must not name __proto__`);
  for (let above: object | null = type.prototype; above && !isRoot(above); above = Object.getPrototypeOf(above)) {
    if (isNative(above)) {
      throw new TypeError(`class ${type.name} extends a built-in class: register it with encode and decode`);
    }
    const accessor = fields.find(
      (field) =>
        Object.hasOwn(above, field) && !Object.hasOwn(Object.getOwnPropertyDescriptor(above, field) ?? {}, 'value'),
    );
    if (accessor !== undefined) {
      throw new TypeError(
        `"${name}.fields" names "${accessor}", which is an accessor: register the class with encode and decode`,
      );
    }
  }
  return {
    name,
    min: 0,
    max: fields.length,
    itemNames: fields,
    encode: (instance) => fields.map((field) => Reflect.get(instance, field)),
    decode(items) {
      const instance: object = Object.create(type.prototype);
      fields.forEach((field, at) => {
        Object.defineProperty(instance, field, {
          value: items[at],
          enumerable: true,
          writable: true,
          configurable: true,
        });
      });
      return instance;
    },
  };
}

function byPair<T extends object, E>(name: string, type: ClassOf<T>, how: Pair<T, E>): RegisteredType {
  checkOptions(`"${name}"`, how, ['encode', 'decode']);
  if (typeof own(how, 'encode') !== 'function' || typeof own(how, 'decode') !== 'function') {
    throw new TypeError(`"${name}" expected "fields", or both "encode" and "decode"`);
  }
  return {
    name,
    min: 1,
    max: 1,
    itemNames: ['encode()'],
    // trust boundary: write.ts found this entry by the prototype of the instance, so the instance is a T
    encode: (instance) => [how.encode(instance as T)],
    decode([encoded]) {
      let instance: unknown;
      try {
        // trust boundary: the token is authentic, so this is what this class's encode once returned
        instance = how.decode(encoded as E);
      } catch (cause) {
        throw wrongDecode(name, 'failed', cause);
      }
      if (typeof instance === 'object' && instance !== null && Object.getPrototypeOf(instance) === type.prototype) {
        return instance;
      }
      const got =
        instance instanceof Promise
          ? 'a promise: it must be synchronous'
          : 'something that is not an instance of exactly this class';
      throw wrongDecode(name, `returned ${got}`);
    },
  };
}

function wrongDecode(name: string, what: string, cause?: unknown): Refusal {
  return new Refusal('ERR_SEAL_PAYLOAD', `Cannot read payload: decode of class ${name} ${what}`, { cause });
}

// Sealed without registration. Some runtimes have no Float16Array.
const NEEDLESS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ 'Object Array Map Set Date URL TypedArray Uint8Array Uint8ClampedArray Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Float16Array Float32Array Float64Array'.split(
    ' ',
  ),
);

/** Whether a prototype is that of a built-in class of any realm. Fields cannot hold the state of such a class. */
function isNative(prototype: object): boolean {
  const type: unknown = Object.hasOwn(prototype, 'constructor') ? Reflect.get(prototype, 'constructor') : undefined;
  if (type === URL) return true; // written in JavaScript in Node.js and jsdom
  return typeof type === 'function' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(type));
}

/** Whether `prototype` is the Object.prototype of any realm. */
function isRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null;
}
