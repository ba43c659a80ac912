/** The gate against the hostile vectors, and against what the encoder writes. */
import { typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../packages/codec/src/error.ts';
import { timesAsLong } from './growth.ts';
import { check, decode, encode, everything, fromHex, fromNotation, profileOf, randomFrom, toHex } from './support.ts';
import hostile from './vectors/hostile-cbor.json' with { type: 'json' };

class User {
  id: unknown;
  role: unknown;
}
const types = typeRegistry().register('User', User, { fields: ['id', 'role'] });
const profile = profileOf({ types });

const vectors = hostile.vectors.map((vector) => ({ ...vector, name: `${vector.what} (${vector.hex.slice(0, 24)})` }));

describe('decode()', () => {
  it.each(vectors.filter(({ expected }) => expected === 'refuse'))('refuses $name', ({ hex, code, offset }) => {
    const thrown = refusalOf(fromHex(hex));
    if (!(thrown instanceof Refusal)) throw thrown;
    expect(thrown.code).toBe(code === 'class' ? 'ERR_SEAL_TYPE_UNKNOWN' : 'ERR_SEAL_PAYLOAD');
    expect(thrown.detail.reason).toBe(code);
    expect([offset, undefined]).toContain(thrown.detail.offset); // what the engine has read has no offsets any more
  });

  it.each(vectors.filter(({ expected }) => expected !== 'refuse'))(
    'reads $name, and writes it the same',
    ({ hex, expected }) => {
      const value = decode(fromHex(hex), profile);
      expect(value).toEqual(fromNotation(typeof expected === 'object' ? expected.value : expected));
      expect(toHex(encode(value, profile))).toBe(hex);
    },
  );

  it('rejects all hostile payloads in less than three times what it takes to read valid ones', async () => {
    const hostilePayloads = vectors.map(({ hex }) => fromHex(hex));
    const validPayloads = Object.values(everything).map((value) => encode(value, profile));
    const reading = (payloads: readonly Uint8Array[]) => () => {
      for (const payload of payloads) attempt(payload);
    };
    // Less than half in fact. In cbor-x alone one of the hostile ones takes more than ten times as long as all valid ones.
    expect(await timesAsLong(reading(hostilePayloads), reading(validPayloads), 1)).toBeLessThan(3);
  });

  it.each(['62efbf', '1b0020', 'a26161016161', 'd81b'])('refuses the 64 KB that start like %s', (start) => {
    const payload = new Uint8Array(65_536);
    payload.set(fromHex(start));
    expect(refusalOf(payload)).toBeInstanceOf(Refusal);
  });

  it('finds a double among many keys in linear time', () => {
    const wide = profileOf({ limits: { items: 100_000, bytes: 1 << 20 } });
    const members = Array.from({ length: 20_000 }, (_, at) => `m${at}`);
    const bytes = encode(new Set(members), wide);
    expect(decode(bytes, wide)).toStrictEqual(new Set(members));
    bytes.set(fromHex('656d30303030'), bytes.length - 6); // m19999 -> another m0000-like text of the same length
    expect(() => decode(bytes, wide)).not.toThrow();
    bytes.set(fromHex('666d3139393938'), bytes.length - 7); // m19999 -> m19998, which stands before it
    expect(() => decode(bytes, wide)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ reason: 'dup' }) }),
    );
  });
});

describe('check()', () => {
  const wide = profileOf({ types, limits: { bytes: 1 << 20 } });

  it.each(Object.entries(everything))('passes what encode() makes of %s', (_, value) => {
    expect(() => check(encode(value, wide), wide)).not.toThrow();
  });

  it('rejects or reads, and then writes what reads as the same, 200,000 mutated payloads', { timeout: 120_000 }, () => {
    const random = randomFrom(20_261_123);
    const seeds = [
      ...vectors.map(({ hex }) => fromHex(hex)),
      ...Object.values(everything).map((value) => encode(value, wide)),
    ].filter(({ length }) => length > 0 && length < 600);
    let read = 0;
    for (let round = 0; round < 200_000; round++) {
      const payload = mutate(seeds[Math.floor(random() * seeds.length)] ?? new Uint8Array(1), random);
      const value = attempt(payload);
      if (value === REFUSED) continue;
      read++;
      const again = encode(value, profile); // its own spelling
      const twice = encode(decode(again, profile), profile);
      if (!isSame(again, twice)) throw new Error(`${toHex(payload)} becomes ${toHex(again)}, then ${toHex(twice)}`);
    }
    expect(read).toBeGreaterThan(10_000);
  });
});

const REFUSED = Symbol('refused');

function attempt(payload: Uint8Array): unknown {
  try {
    return decode(payload, profile);
  } catch (thrown) {
    if (thrown instanceof Refusal) return REFUSED;
    throw new Error(`an untyped error for ${toHex(payload)}`, { cause: thrown });
  }
}

function refusalOf(payload: Uint8Array): unknown {
  try {
    return decode(payload, profile);
  } catch (thrown) {
    return thrown;
  }
}

/** One to three bytes changed, removed, doubled or put in. */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  let bytes = Array.from(seed);
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const at = Math.floor(random() * bytes.length);
    const byte = Math.floor(random() * 256);
    const kind = Math.floor(random() * 5);
    if (kind === 0) bytes[at] = byte;
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << (byte & 7));
    else if (kind === 2) bytes.splice(at, 1);
    else if (kind === 3) bytes.splice(at, 0, byte);
    else bytes = [...bytes.slice(0, at), ...bytes.slice(at, at + 8), ...bytes.slice(at)];
  }
  return Uint8Array.from(bytes.slice(0, 2000));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
