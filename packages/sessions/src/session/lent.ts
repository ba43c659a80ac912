/** Objects that a handler was given -> which of them it has changed in place. They are compared by their encoded bytes. */

/** Turns values into bytes and back, as they are sealed. */
export interface ValueCodec {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

/** The values as they are now. */
export interface Values {
  get(key: unknown): unknown;
}

/** Values that can be replaced. */
interface OwnValues extends Values {
  has(key: unknown): boolean;
  set(key: unknown, value: unknown): void;
}

interface Loan {
  readonly value: unknown;
  readonly bytes: Uint8Array;
}

export class Lent {
  readonly #codec: ValueCodec;
  #loans: Map<unknown, Loan> | undefined;

  constructor(codec: ValueCodec) {
    this.#codec = codec;
  }

  /** Remembers what the value under a key is now. What cannot be sealed is not remembered: saving it says so, with the path. */
  lend(key: unknown, value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#loans?.get(key)?.value === value) return;
    const bytes = this.bytesOf(value);
    if (bytes === undefined) return;
    this.#loans ??= new Map();
    this.#loans.set(key, { value, bytes });
  }

  forget(key: unknown): void {
    this.#loans?.delete(key);
  }

  clear(): void {
    this.#loans = undefined;
  }

  /** Takes over what another has lent, and puts those objects in the place of their copies. */
  takeOver(before: Lent, held: Values, values: OwnValues): void {
    for (const [key, loan] of before.#loans ?? []) {
      if (held.get(key) !== loan.value || !values.has(key)) continue;
      values.set(key, loan.value);
      this.#loans ??= new Map();
      this.#loans.set(key, loan);
    }
    before.clear();
  }

  /** Calls `changed` for each value that is not what it was when it was lent, and is still under its key. Remembers it as it is now. */
  settle(
    values: Values,
    changed: (key: unknown, value: unknown) => void,
    keys: Iterable<unknown> = this.#loans?.keys() ?? [],
  ): void {
    for (const key of keys) {
      const loan = this.#loans?.get(key);
      if (loan === undefined || values.get(key) !== loan.value) continue;
      const { value, bytes } = loan;
      const now = this.#codec.encode(value);
      if (isEqual(now, bytes)) continue;
      this.#loans?.set(key, { value, bytes: now });
      changed(key, value);
    }
  }

  /** Whether a value is not what it was when it was lent, and is still under its key. */
  isChanged(values: Values): boolean {
    const loans = [...(this.#loans ?? [])].filter(([key, { value }]) => values.get(key) === value);
    return loans.some(([, { value, bytes }]) => !isEqual(this.bytesOf(value), bytes));
  }

  /** The bytes of a value, or `undefined` if it cannot be sealed. */
  bytesOf(value: unknown): Uint8Array | undefined {
    try {
      return this.#codec.encode(value);
    } catch {
      return undefined;
    }
  }

  /** A copy of a value that can be sealed; other values as they are. */
  copyOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const bytes = this.bytesOf(value);
    return bytes === undefined ? value : this.#codec.decode(bytes);
  }
}

function isEqual(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((byte, at) => byte === other[at]);
}
