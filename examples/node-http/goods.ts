/** What the shop sells, and what it costs. */

/** Sessions bring an instance back as an instance, with its methods. */
export class Money {
  readonly cents: bigint;

  constructor(cents: bigint) {
    this.cents = cents;
  }

  plus(other: Money, times: number): Money {
    return new Money(this.cents + other.cents * BigInt(times));
  }

  toString(): string {
    return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(Number(this.cents) / 100);
  }
}

export const PRICES: ReadonlyMap<string, Money> = new Map([
  ['Apple', new Money(60n)],
  ['Pear', new Money(85n)],
  ['Plum', new Money(45n)],
]);

export function totalOf(items: ReadonlyMap<string, number>): Money {
  return [...PRICES].reduce((sum, [name, price]) => sum.plus(price, items.get(name) ?? 0), new Money(0n));
}
