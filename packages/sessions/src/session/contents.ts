/** The values and flash messages of a record, as they were decoded -> as they are to be sealed, with what has changed between. */

import { type Flash, type RawRecord, valuesToMap, valuesToObject } from '@sealring/wire';

/** Values stay the object that was decoded while they are read, replaced and added, as in most requests. For all else they become a Map. */
export class Contents {
  readonly #object: Record<string, unknown>;
  #map: Map<unknown, unknown> | undefined;
  #flashes: Map<string, readonly Flash[]> | undefined;

  /** Takes over what it is given. */
  constructor({ values, flashes }: Pick<RawRecord, 'values' | 'flashes'>) {
    const isMap = values instanceof Map;
    this.#object = isMap ? {} : values;
    this.#map = isMap ? values : undefined;
    this.#flashes = flashes;
  }

  get(key: unknown): unknown {
    if (this.#map !== undefined) return this.#map.get(key);
    return typeof key === 'string' && Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  has(key: unknown): boolean {
    return this.#map?.has(key) ?? (typeof key === 'string' && Object.hasOwn(this.#object, key));
  }

  set(key: unknown, value: unknown): void {
    if (this.#map === undefined && isPlain(key, this.#object)) this.#object[key] = value;
    else this.values.set(key, value);
  }

  /** The values as a Map, to change as well. */
  get values(): Map<unknown, unknown> {
    this.#map ??= valuesToMap(this.#object);
    return this.#map;
  }

  /** Messages by bag, to change as well. */
  get flashes(): Map<string, readonly Flash[]> {
    this.#flashes ??= new Map();
    return this.#flashes;
  }

  get isEmpty(): boolean {
    return (this.#map?.size ?? Object.keys(this.#object).length) + (this.#flashes?.size ?? 0) === 0;
  }

  /** The record with these contents. */
  fill(record: RawRecord, maxAge: RawRecord['maxAge']): RawRecord {
    const values = this.#map === undefined ? this.#object : (valuesToObject(this.#map) ?? this.#map);
    return { ...record, values, flashes: this.#flashes, maxAge };
  }
}

/** What may be an array index, which objects have in an order of their own. */
const INDEX = /^\d/;

/** Whether an object takes a key in the order in which it comes, and as a value of its own. */
function isPlain(key: unknown, object: object): key is string {
  return typeof key === 'string' && (Object.hasOwn(object, key) || !(key in object || INDEX.test(key)));
}
