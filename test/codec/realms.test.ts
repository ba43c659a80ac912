/** In some runtimes the globals are not what literals and built-in methods make: Next's edge sandbox has a Proxy for `Array`. What is sealed there opens. */
import { typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { everything, modes, now, random, sealerOf } from './support.ts';

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}

const NAMES = ['Array', 'Map', 'Object', 'Uint8Array'] as const;

/** Calls `run` while the globals of these names are Proxies. */
function withForeignGlobals<T>(names: readonly string[], run: () => T): T {
  const own = names.map((name): [string, object] => [name, Reflect.get(globalThis, name)]);
  try {
    for (const [name, value] of own) Reflect.set(globalThis, name, new Proxy(value, {}));
    return run();
  } finally {
    for (const [name, value] of own) Reflect.set(globalThis, name, value);
  }
}

const values: Readonly<Record<string, unknown>> = {
  ...everything,
  'an array in an object': { a: [1] },
  'an instance of a class': [new Money(1250)],
  'an array of 300': Array.from({ length: 300 }, (_, at) => [at]),
};

describe.each(modes)('%s, in a realm with foreign globals', (mode) => {
  const types = typeRegistry().register('Money', Money, { fields: ['cents'] });
  const options = { types, limits: { bytes: 1_000_000 } };

  it.each(Object.entries(values))('%s: the same token, which opens there and elsewhere', (_, value) => {
    const sealer = sealerOf(mode, options);
    const expected = sealer.seal(value, { now, random });
    for (const names of [...NAMES.map((name) => [name]), NAMES]) {
      const token = withForeignGlobals(names, () => sealerOf(mode, options).seal(value, { now, random }));
      expect(token, names.join()).toBe(expected);
      const opened = withForeignGlobals(names, () => sealerOf(mode, options).open(token, { now }));
      expect(opened.value, names.join()).toStrictEqual(value);
    }
    expect(sealer.open(expected, { now }).value).toStrictEqual(value);
  });
});
