/** Classes come back as themselves, by fields or by a pair of functions; nothing else does. And the dictionary. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, encode, modes, profileOf, sealerOf, secret, toHex } from './support.ts';

class Person {
  firstName: string;
  lastName: string | undefined;
  constructor(firstName: string, lastName?: string) {
    this.firstName = firstName;
    this.lastName = lastName;
  }
  get fullName(): string {
    return `${this.firstName} ${this.lastName}`;
  }
}
class Admin extends Person {
  level = 1;
}
class Money {
  readonly #cents: number;
  readonly #currency: string;
  constructor(cents: number, currency: string) {
    this.#cents = cents;
    this.#currency = currency;
  }
  get parts(): [number, string] {
    return [this.#cents, this.#currency];
  }
}
class Tags extends Set<string> {}
class Order {
  who: Person;
  total: Money;
  constructor(who: Person, total: Money) {
    this.who = who;
    this.total = total;
  }
}

const registry = () =>
  typeRegistry()
    .register('P', Person, { fields: ['firstName', 'lastName'] })
    .register('A', Admin, { fields: ['firstName', 'lastName', 'level'] })
    .register('M', Money, { encode: (m) => m.parts, decode: ([cents, currency]) => new Money(cents, currency) })
    .register('T', Tags, { encode: (tags) => [...tags], decode: (tags) => new Tags(tags) })
    .register('O', Order, { fields: ['who', 'total'] });

describe.each(modes)('registered classes, %s', (mode) => {
  const sealer = sealerOf(mode, { types: registry() });
  const back = (value: unknown): unknown => sealer.open(sealer.seal(value)).value;

  it('come back by fields, with their methods', () => {
    const person = back(new Person('Ada', 'Lovelace'));
    expect(person).toStrictEqual(new Person('Ada', 'Lovelace'));
    expect(person instanceof Person && person.fullName).toBe('Ada Lovelace');
  });

  it('come back by a pair of functions, private fields included', () => {
    const money = back(new Money(995, 'EUR'));
    expect(money instanceof Money && money.parts).toStrictEqual([995, 'EUR']);
  });

  it('come back nested in one another and in anything', () => {
    const value = new Map([['orders', [new Order(new Admin('Grace'), new Money(1, 'USD'))]]]);
    const orders: unknown = back(value);
    expect(orders).toStrictEqual(value);
    const order = orders instanceof Map && orders.get('orders')[0];
    expect(order instanceof Order && order.who instanceof Admin && order.who.level).toBe(1);
    expect(order.total.parts).toStrictEqual([1, 'USD']);
  });

  it('tell a subclass from its parent', () => {
    expect(back(new Admin('x'))).toBeInstanceOf(Admin);
    expect(back(new Person('x'))).not.toBeInstanceOf(Admin);
  });

  it('may extend a built-in class, with a pair', () => {
    const tags = back(new Tags(['a', 'b']));
    expect(tags).toBeInstanceOf(Tags);
    expect(tags).toStrictEqual(new Tags(['a', 'b']));
  });

  it('are refused at opening by a sealer that does not know them, by name', () => {
    const token = sealer.seal([new Money(1, 'EUR')]);
    const stranger = sealerOf(mode);
    expect(stranger.safeOpen(token)).toMatchObject({ ok: false, code: 'ERR_SEAL_TYPE_UNKNOWN', offset: 4 });
    expect(() => stranger.open(token)).toThrow('class "M" is not registered');
  });

  it('open with the missing fields undefined when the record is older, and are refused when it is longer', () => {
    class V1 {
      a = 1;
    }
    class V2 {
      a = 1;
      b: unknown = 2;
    }
    const one = sealerOf(mode, { types: typeRegistry().register('V', V1, { fields: ['a'] }) });
    const two = sealerOf(mode, { types: typeRegistry().register('V', V2, { fields: ['a', 'b'] }) });
    const older = two.open(one.seal(new V1())).value;
    expect(older).toBeInstanceOf(V2);
    expect(older).toStrictEqual(Object.assign(new V2(), { b: undefined }));
    expect(codeOf(() => one.open(two.seal(new V2())))).toBe('ERR_SEAL_TYPE_UNKNOWN');
  });

  it('stay apart where two registries use one name', () => {
    class Other {
      firstName = 'other';
      lastName = undefined;
    }
    const others = sealerOf(mode, {
      types: typeRegistry().register('P', Other, { fields: ['firstName', 'lastName'] }),
    });
    expect(others.open(sealer.seal(new Person('Ada'))).value).toBeInstanceOf(Other);
    expect(sealer.open(others.seal(new Other())).value).toBeInstanceOf(Person);
    expect(codeOf(() => others.seal(new Person('Ada')))).toBe('ERR_SEAL_TYPE_UNKNOWN');
  });

  it('give ERR_SEAL_PAYLOAD with the cause when their decode throws', () => {
    class Picky {}
    const cause = new Error('not today');
    const decode = (): Picky => {
      throw cause;
    };
    const types = typeRegistry().register('X', Picky, { encode: () => 1, decode });
    expect(codeOf(() => sealerOf(mode, { types }).seal(new Picky()))).toBe('ERR_SEAL_TYPE_UNKNOWN'); // it verifies
    const picky = sealerOf(mode, { types, verify: false });
    const token = picky.seal(new Picky());
    expect(() => picky.open(token)).toThrow(expect.objectContaining({ code: 'ERR_SEAL_PAYLOAD', cause }));
    expect(picky.safeOpen(token)).toMatchObject({ ok: false, code: 'ERR_SEAL_PAYLOAD' });
  });

  it('name the path inside an instance', () => {
    const order = new Order(new Person('Ada'), new Money(1, 'EUR'));
    expect(() => sealer.seal({ cart: [Object.assign(order, { total: () => 1 })] })).toThrow(
      '$.cart[0].total: a function',
    );
  });

  it('run no constructor and no setter when they are registered by fields', () => {
    let runs = 0;
    class Counted {
      a = 1;
      constructor() {
        runs++;
      }
    }
    const counted = sealerOf(mode, { types: typeRegistry().register('C', Counted, { fields: ['a'] }) });
    const token = counted.seal(new Counted());
    counted.open(token);
    expect(runs).toBe(1);
  });
});

describe('register()', () => {
  class Lazy {
    get value(): number {
      return 1;
    }
  }
  const one = () => typeRegistry().register('P', Person, { fields: ['firstName'] });
  it.each([
    ['a name twice', () => one().register('P', Money, { fields: [] }), /"P" is registered twice/],
    ['a class twice', () => one().register('Q', Person, { fields: [] }), /class Person is registered as "P" and "Q"/],
    [
      'a built-in class of the profile',
      () => typeRegistry().register('Map', Map, { fields: [] }),
      /class Map needs no registration/,
    ],
    ['Object', () => typeRegistry().register('O', Object, { fields: [] }), /class Object needs no registration/],
    ['an empty name', () => typeRegistry().register('', Person, { fields: [] }), /"name" expected/],
    [
      'what is no class',
      () => Reflect.apply(typeRegistry().register, typeRegistry(), ['X', {}, { fields: [] }]),
      /"X" expected a class, got an object/,
    ],
    [
      'an arrow function',
      () => Reflect.apply(typeRegistry().register, typeRegistry(), ['X', () => 1, { fields: [] }]),
      /"X" expected a class/,
    ],
    [
      'fields of a class that extends a built-in one',
      () => typeRegistry().register('T', Tags, { fields: [] }),
      /class Tags extends a built-in class/,
    ],
    [
      'a field twice',
      () => typeRegistry().register('P', Person, { fields: ['firstName', 'firstName'] }),
      /names one field twice/,
    ],
    [
      'an accessor as field',
      () => typeRegistry().register('L', Lazy, { fields: ['value'] }),
      /"value", which is an accessor/,
    ],
    [
      'a half pair',
      () => Reflect.apply(typeRegistry().register, typeRegistry(), ['P', Person, { encode: () => 1 }]),
      /both "encode" and "decode"/,
    ],
    [
      'both ways at once',
      () => Reflect.apply(typeRegistry().register, typeRegistry(), ['P', Person, { fields: [], encode: () => 1 }]),
      /has no option "encode"/,
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
  });

  it('refuses to add to a registry that a sealer uses', () => {
    const types = one();
    createSealer({ keys: [secret(1)], purpose: 'p', types });
    expect(() => types.register('M', Money, { fields: [] })).toThrow(/"M" was registered after a sealer was made/);
  });
});

describe.each(modes)('dictionary, %s', (mode) => {
  const dictionary = ['userId', 'cart', ...Array.from({ length: 40 }, (_, at) => `field${at}`)];
  const value = {
    userId: 1,
    cart: [{ sku: 'a', userId: { field39: null } }],
    other: new Map([['userId', { userId: 2 }]]),
    '0': 'x',
  };

  it('writes known names as numbers, and everything comes back the same', () => {
    const sealer = sealerOf(mode, { dictionary });
    expect(sealer.open(sealer.seal(value)).value).toStrictEqual(value);
    expect(toHex(encode({ userId: 1, x: 2 }, profileOf({ dictionary })))).toBe('a20001617802');
    expect(toHex(encode({ field39: 1 }, profileOf({ dictionary })))).toBe('a1182901');
    expect(toHex(encode(new Map([['userId', 1]]), profileOf({ dictionary })))).toBe('d90103a16675736572496401');
  });

  it('reads tokens from before a name was in it, and refuses numbers beyond it', () => {
    const before = sealerOf(mode, { dictionary: dictionary.slice(0, 1) });
    const after = sealerOf(mode, { dictionary });
    expect(after.open(before.seal(value)).value).toStrictEqual(value);
    expect(after.open(sealerOf(mode).seal(value)).value).toStrictEqual(value);
    expect(codeOf(() => before.open(after.seal(value)))).toBe('ERR_SEAL_PAYLOAD');
    expect(codeOf(() => sealerOf(mode).open(after.seal(value)))).toBe('ERR_SEAL_PAYLOAD');
  });
});
