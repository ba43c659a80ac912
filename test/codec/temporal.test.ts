/** Temporal, for those who ask for it: there and back in runtimes that have it, and a clear word in the others. */
import { temporalTypes, typeRegistry } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, fromHex, sealerOf, toHex } from './support.ts';

const types = typeRegistry().register(temporalTypes);
const sealer = sealerOf('sealed', { types });
const Temporal = Reflect.get(globalThis, 'Temporal');

/** Worked out by hand from RFC 8943 §2 and RFC 9581 §3 and §4. */
const payloads: readonly (readonly [kind: string, text: string, hex: string])[] = [
  ['Instant', '1970-01-01T00:00:00Z', 'd903e9a10100'],
  ['Instant', '2026-01-01T00:00:00Z', 'd903e9a1011a6955b900'],
  ['Instant', '2026-01-01T00:00:00.5Z', 'd903e9a2011a6955b900281a1dcd6500'],
  ['Instant', '1969-12-31T23:59:59.999999999Z', 'd903e9a20120281a3b9ac9ff'],
  ['PlainDate', '1970-01-01', 'd86400'],
  ['PlainDate', '1940-10-09', 'd8643929b3'],
  ['PlainDate', '2026-11-30', 'd864195133'],
  ['Duration', 'PT0S', 'd903eaa10100'],
  ['Duration', 'PT90S', 'd903eaa101185a'],
  ['Duration', '-PT1.5S', 'd903eaa20120283a1dcd64ff'],
];

describe.runIf(Temporal)('with Temporal', () => {
  it.each(payloads)('%s %s is %s', (kind, text, hex) => {
    const value: unknown = Temporal[kind].from(text);
    expect(toHex(sealer.encode(value))).toBe(hex);
    const back = sealer.open(sealer.seal({ at: [value] })).value;
    expect(JSON.stringify(back)).toBe(JSON.stringify({ at: [text] }));
    expect(Object.getPrototypeOf(sealer.decode(fromHex(hex)))).toBe(Temporal[kind].prototype);
  });

  it.each([
    ['Instant', '-271821-04-20T00:00:00Z'],
    ['Instant', '+275760-09-13T00:00:00Z'],
    ['PlainDate', '-271821-04-19'],
    ['PlainDate', '+275760-09-13'],
    ['PlainDate', '0001-02-03'],
    ['Duration', 'PT0.000000001S'],
    ['Duration', '-PT9007199254740991.999999999S'],
  ])('%s %s comes back', (kind, text) => {
    const value: unknown = Temporal[kind].from(text);
    expect(String(sealer.open(sealer.seal(value)).value)).toBe(String(value));
  });

  it.each([
    ['a Duration of minutes', () => Temporal.Duration.from('PT1M')],
    ['a Duration of days', () => Temporal.Duration.from('P1D')],
    ['a Duration that is not balanced', () => Temporal.Duration.from({ milliseconds: 1500 })],
    ['a PlainDate of another calendar', () => Temporal.PlainDate.from('2026-11-30[u-ca=japanese]')],
    ['a PlainTime', () => Temporal.PlainTime.from('12:00')],
  ])('%s, which would come back as another, is rejected', (_, make) => {
    expect(codeOf(() => sealer.seal({ at: make() }))).toBe('ERR_SEAL_TYPE_UNKNOWN');
    expect(() => sealer.seal({ at: make() })).toThrow(/^\$\.at: /);
  });

  it('nothing is sealed without asking for it', () => {
    expect(() => sealerOf('sealed').seal(Temporal.Instant.from('2026-01-01T00:00:00Z'))).toThrow('Temporal.Instant');
  });
});

describe('payloads with Temporal', () => {
  it('are rejected by a sealer that has not asked for it', () => {
    for (const [, , hex] of payloads)
      expect(codeOf(() => sealerOf('sealed').decode(fromHex(hex)))).toBe('ERR_SEAL_PAYLOAD');
  });

  it.each([
    'd864fb3ff0000000000000',
    'd86461',
    'd903e9a0',
    'd903e9a10200',
    'd903e9a2010028',
    'd903e9a201002820',
    'd903e900',
    'd903eaa201012820',
    'd8641bffffffffffffffff',
    'd903e9a2010028f6',
    'd903e9a201002800',
    'd903e9a201000101',
    'd903eaa20120281a3b9ac9ff',
  ])('that mean nothing are rejected: %s', (hex) => {
    expect(codeOf(() => sealer.decode(fromHex(hex)))).toMatch(/^ERR_SEAL_(PAYLOAD|TYPE_UNKNOWN)$/); // the latter without Temporal
  });

  it.runIf(!Temporal)('are rejected by a runtime that does not have it, as a type that it does not know', () => {
    for (const [, , hex] of payloads) expect(codeOf(() => sealer.decode(fromHex(hex)))).toBe('ERR_SEAL_TYPE_UNKNOWN');
  });
});

it('register() takes only what is meant for it', () => {
  expect(() => Reflect.apply(typeRegistry().register, typeRegistry(), [{ tags: [1] }])).toThrow('temporalTypes');
});
