/** The classes and opt-in types that a sealer knows, as the walks and the kinds see them. */

/** Kinds of built-in values that a reader only knows if it asks for them, for example `temporalTypes`. */
export interface OptInTypes {
  /** Their tags on the wire. */
  readonly tags: readonly number[];
}

/** A registered class with its type forgotten: what the walks work with. */
export interface RegisteredType {
  readonly name: string;
  /** How few and how many items follow the name. */
  readonly min: number;
  readonly max: number;
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
