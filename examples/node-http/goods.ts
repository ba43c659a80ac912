/** What the shop sells, and what a cart of it costs. Two classes of our own: a session brings them back as themselves, methods and all. */

/** An amount of money. All of it is in plain fields, so it is registered by their names: see stores.ts. */
export class Money {
  readonly cents: bigint;
  readonly currency: string;

  constructor(cents: bigint, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }

  plus(other: Money): Money {
    if (other.currency !== this.currency) throw new TypeError(`Cannot add ${other.currency} to ${this.currency}`);
    return new Money(this.cents + other.cents, this.currency);
  }

  times(count: number): Money {
    return new Money(this.cents * BigInt(count), this.currency);
  }

  toString(): string {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: this.currency });
    return format.format(Number(this.cents) / 100);
  }
}

/** A line of the cart. Its count is private, so it is registered with `encode` and `decode`. */
export class CartItem {
  readonly name: string;
  readonly price: Money;
  readonly #count: number;

  constructor(name: string, price: Money, count: number) {
    this.name = name;
    this.price = price;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  get total(): Money {
    return this.price.times(this.#count);
  }

  oneMore(): CartItem {
    return new CartItem(this.name, this.price, this.#count + 1);
  }
}

/** By the product's id. */
export type Items = ReadonlyMap<string, CartItem>;

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly price: Money;
}

export const PRODUCTS: readonly Product[] = [
  { id: 'apple', name: 'Apple', price: new Money(60n, 'EUR') },
  { id: 'pear', name: 'Pear', price: new Money(85n, 'EUR') },
  { id: 'plum', name: 'Plum', price: new Money(45n, 'EUR') },
];

/** The items with one more of a product. The old ones are not changed. */
export function withOneMore(items: Items, { id, name, price }: Product): Items {
  const item = items.get(id)?.oneMore() ?? new CartItem(name, price, 1);
  return new Map(items).set(id, item);
}

export function totalOf(items: Items): Money {
  return [...items.values()].reduce((sum, item) => sum.plus(item.total), new Money(0n, 'EUR'));
}
