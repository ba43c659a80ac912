/** The registered classes and opt-in types, as write.ts, check.ts, read.ts and the kinds use them. */

/** A kind of built-in values that is sealed and opened only if it is registered, for example one of `temporalTypes`. */
export interface OptInTypes {
  /** Their tags on the wire. */
  readonly tags: readonly number[];
}

/** A registered class without its type parameter. */
export interface RegisteredType {
  readonly name: string;
  /** The minimum and maximum number of items after the name. */
  readonly min: number;
  readonly max: number;
  /** The names of the items, for paths in messages. */
  readonly itemNames: readonly string[];
  encode(instance: object): readonly unknown[];
  decode(items: readonly unknown[]): object;
}

/** The registered classes, by name and by prototype. */
export interface Types {
  readonly byName: ReadonlyMap<string, RegisteredType>;
  readonly byPrototype: ReadonlyMap<unknown, RegisteredType>;
}
