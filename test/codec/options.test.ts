/** Options are own properties: whatever a library has put on Object.prototype changes nothing. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { afterEach, describe, expect, it } from 'vitest';
import { now, sealerOf, secret } from './support.ts';

const polluted = new Set<string>();

/** Puts an enumerable property on Object.prototype, until the end of the test. */
function pollute(name: string, value: unknown): void {
  polluted.add(name);
  Object.defineProperty(Object.prototype, name, { value, enumerable: true, configurable: true, writable: true });
}

afterEach(() => {
  for (const name of polluted) Reflect.deleteProperty(Object.prototype, name);
  polluted.clear();
});

describe('a polluted Object.prototype', () => {
  it('with a name that is no option makes no call throw', () => {
    pollute('anything', 1);
    class Money {
      cents = 5;
    }
    const types = typeRegistry().register('Money', Money, { fields: ['cents'] });
    const sealer = createSealer({ keys: [{ secret: secret(1) }], purpose: 'test', types, limits: { depth: 5 } });
    const token = sealer.seal(new Money(), { now });
    expect(sealer.open(token, { now }).value).toBeInstanceOf(Money);
    expect(sealer.safeOpen(token, { now }).ok).toBe(true);
    expect(sealer.authenticate(token, {}).issuedAt).toBe(now);
  });

  it.each([
    ['context', 'theirs'],
    ['secret', new Uint8Array(16)],
    ['now', 5],
    ['maxAge', 1],
    ['random', new Uint8Array(16)],
  ])('does not give %s to seal(), open() or authenticate()', (name, value) => {
    const sealer = sealerOf('sealed');
    const before = sealer.seal(1, { now });
    pollute(name, value);
    const during = sealer.seal(1, { now });
    expect(during).not.toBe(sealer.seal(1, { now })); // as one random would make it
    expect(sealer.open(before, { now: now + 100 }).value).toBe(1);
    expect(sealer.authenticate(sealer.seal(1)).issuedAt).toBeGreaterThan(5);
    expect(sealer.authenticate(before).issuedAt).toBe(now);
    Reflect.deleteProperty(Object.prototype, name);
    expect(sealer.open(during, { now: now + 100 }).value).toBe(1);
  });

  it.each([
    ['types', 1],
    ['dictionary', ['a']],
    ['limits', { depth: 1 }],
    ['encrypt', false],
    ['depth', 1],
    ['fields', ['a']],
  ])('does not give %s to createSealer() or register()', (name, value) => {
    const { length } = sealerOf('sealed').seal([[{ a: 1 }]], { now });
    pollute(name, value);
    class Money {
      cents = 5;
    }
    const options = { keys: [{ secret: secret(1) }], purpose: 'test' };
    expect(createSealer(options).seal([[{ a: 1 }]], { now }).length).toBe(length);
    expect(createSealer({ ...options, limits: { items: 100 } }).seal([[{ a: 1 }]], { now })).toMatch(/^E/);
    const pair = { encode: ({ cents }: Money) => [[cents]], decode: () => new Money() };
    const types = typeRegistry().register('Money', Money, pair);
    expect(createSealer({ ...options, types }).seal(new Money(), { now })).toMatch(/^E/);
  });

  it('does not give a key that was left out', () => {
    pollute('keys', [secret(1)]);
    pollute('purpose', 'theirs');
    expect(() => createSealer(Object.create({ keys: [secret(1)], purpose: 'test' }))).toThrow(TypeError);
  });
});
