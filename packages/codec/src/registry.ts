/** Which classes a sealer knows, and how their instances become items and come back. FORMAT.md §5. */

import { Refusal } from './error.ts';
import { checkOptions, checkText, describe, own } from './options.ts';

/** A class: what has a prototype. Constructors may be private; they are called by no one but your own `decode`. */
export interface ClassOf<T extends object> {
  readonly prototype: T;
  readonly name: string;
}

/** By fields: positional on the wire and append-only. No constructor runs at opening, so use a pair for classes with `#private` fields. */
export interface Fields<T extends object> {
  /** Names of properties, in an order that never changes; new ones go to the end and are undefined in older tokens. */
  fields: readonly (keyof T & string)[];
}

/** By a pair of functions: `decode` gets what `encode` returned, which may be anything that can be sealed. */
export interface Pair<T extends object, E> {
  encode: (instance: T) => E;
  decode: (encoded: E) => T;
}

/** A registered class with its type forgotten: what lower.ts, gate.ts and raise.ts work with. */
export interface RegisteredType {
  readonly name: string;
  /** Fewest and most items after the name. */
  readonly least: number;
  readonly most: number;
  /** The names of the items, for paths in messages. */
  readonly itemNames: readonly string[];
  encode(instance: object): readonly unknown[];
  decode(items: readonly unknown[]): object;
}

/** The registered classes, looked up both ways. */
export interface Types {
  readonly byName: ReadonlyMap<string, RegisteredType>;
  readonly byPrototype: ReadonlyMap<unknown, RegisteredType>;
}

/**
 * Makes an empty registry; `register` adds to it and returns it. Registries never see each other.
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
 * The classes that one or more sealers bring back as themselves.
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
   * Adds a class under a name that goes into every token: short ones, of 1 to 4 letters, keep tokens short.
   *
   * @throws {TypeError} when the name or the class is taken, the class needs no registration, is one whose state no list of fields can
   *   hold, or a sealer already uses this registry.
   */
  register<T extends object>(name: string, type: ClassOf<T>, how: Fields<T>): this;
  register<T extends object, const E>(name: string, type: ClassOf<T>, how: Pair<T, E>): this;
}

/** The one implementation of `TypeRegistry`. */
export class Registry implements TypeRegistry {
  readonly #byName = new Map<string, RegisteredType>();
  readonly #byPrototype = new Map<unknown, RegisteredType>();
  #isFrozen = false;

  register<T extends object>(name: string, type: ClassOf<T>, how: Fields<T>): this;
  register<T extends object, const E>(name: string, type: ClassOf<T>, how: Pair<T, E>): this;
  register<T extends object, E>(name: string, type: ClassOf<T>, how: Fields<T> | Pair<T, E>): this {
    if (this.#isFrozen) throw new TypeError(`"${name}" was registered after a sealer was made with this registry`);
    checkText('name', name);
    if (this.#byName.has(name)) throw new TypeError(`"${name}" is registered twice`);
    const prototype: unknown = typeof type === 'function' ? Reflect.get(type, 'prototype') : undefined;
    if (typeof prototype !== 'object') throw new TypeError(`"${name}" expected a class, got ${describe(type)}`);
    const registered = this.#byPrototype.get(prototype);
    if (registered) throw new TypeError(`class ${type.name} is registered as "${registered.name}" and "${name}"`);
    if (isBuiltIn(prototype)) throw new TypeError(`class ${type.name} needs no registration`);
    const entry = isFields(how) ? byFields(name, type, how) : byPair(name, how);
    this.#byName.set(name, entry);
    this.#byPrototype.set(prototype, entry);
    return this;
  }

  /** The lookups, for a sealer that is being made; from now on nothing can be added. */
  freeze(): Types {
    this.#isFrozen = true;
    return { byName: this.#byName, byPrototype: this.#byPrototype };
  }
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
  for (let above: unknown = type.prototype; above && above !== Object.prototype; above = Object.getPrototypeOf(above)) {
    if (isBuiltIn(above)) {
      throw new TypeError(`class ${type.name} extends a built-in class: register it with encode and decode`);
    }
    const accessor = fields.find(
      (field) =>
        Object.getOwnPropertyDescriptor(above, field)?.value === undefined && Object.hasOwn(above ?? {}, field),
    );
    if (accessor !== undefined) {
      throw new TypeError(
        `"${name}.fields" names "${accessor}", which is an accessor: register it with encode and decode`,
      );
    }
  }
  return {
    name,
    least: 0,
    most: fields.length,
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

function byPair<T extends object, E>(name: string, how: Pair<T, E>): RegisteredType {
  checkOptions(`"${name}"`, how, ['encode', 'decode']);
  if (typeof own(how, 'encode') !== 'function' || typeof own(how, 'decode') !== 'function') {
    throw new TypeError(`"${name}" expected "fields", or both "encode" and "decode"`);
  }
  return {
    name,
    least: 1,
    most: 1,
    itemNames: ['encode()'],
    // trust boundary: lower.ts has found this entry by the instance's own prototype, so it is a T
    encode: (instance) => [how.encode(instance as T)],
    decode([encoded]) {
      try {
        // trust boundary: the token is authentic, so this is what this class's encode once returned
        return how.decode(encoded as E);
      } catch (cause) {
        throw new Refusal('ERR_SEAL_PAYLOAD', `Cannot read payload: decode of class ${name} failed`, { cause });
      }
    },
  };
}

function isBuiltIn(prototype: unknown): boolean {
  return BUILT_IN.some((type) => type.prototype === prototype);
}

const TYPED_ARRAY: { readonly prototype: object } = /* @__PURE__ */ Object.getPrototypeOf(Uint8Array);
const BUILT_IN: readonly { readonly prototype: object }[] = [
  Object,
  Array,
  Map,
  Set,
  Date,
  URL,
  TYPED_ARRAY,
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
];
