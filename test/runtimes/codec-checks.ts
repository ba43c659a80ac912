/** The codec as every engine must have it: the same tokens to the letter, every kind of value back, the same refusals. */
import { createSealer, generateKey, parseToken, typeRegistry } from '@sealring/codec';
import { everything, fromNotation, now, random, secret } from '../codec/support.ts';
import golden from '../codec/vectors/tokens.json' with { type: 'json' };
import { type Check, expectCode, expectSame } from './expect.ts';

const keys = [secret(1)];

class Money {
  readonly cents: number;
  readonly currency: string;
  constructor(cents: number, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }
}

export function codecChecks(): Check[] {
  return [
    ...golden.tokens.map(goldenToken),
    ...Object.entries(everything).map(roundTrip),
    ['codec: a class comes back as itself', ownClass],
    ['codec: a dictionary shortens the token', dictionary],
    ['codec: a new key opens what it sealed', newKey],
    ['codec: tokens of one value differ', differentTokens],
    ['codec: every refusal has its code', refusals],
  ];
}

function goldenToken({ mode, name, value, context, token }: (typeof golden.tokens)[number]): Check {
  const check = () => {
    const sealer = createSealer({ keys: [{ secret: secret(1), encrypt: mode === 'sealed' }], purpose: 'test' });
    const expected = fromNotation(value);
    expectSame(sealer.seal(expected, { now, random, context }), token);
    expectSame(sealer.open(token, { now, context }).value, expected);
  };
  return [`codec: golden token, ${mode}, ${name}`, check];
}

function roundTrip([name, value]: [string, unknown]): Check {
  const check = () => {
    const sealer = createSealer({ keys, purpose: 'test', limits: { bytes: 1_000_000 } });
    const { value: opened, issuedAt, stale } = sealer.open(sealer.seal(value, { now }), { now });
    expectSame(opened, value);
    expectSame([issuedAt, stale], [now, false]);
  };
  return [`codec: ${name} and back`, check];
}

function ownClass(): void {
  const types = typeRegistry().register('Money', Money, { fields: ['cents', 'currency'] });
  const sealer = createSealer({ keys, purpose: 'test', types });
  const { value } = sealer.open(sealer.seal([new Money(1250, 'EUR')]));
  expectSame(value, [new Money(1250, 'EUR')]);
  expectSame(Array.isArray(value) && value[0] instanceof Money, true);
}

function dictionary(): void {
  const value = { userId: 7, role: 'admin' };
  const [plain, short] = [{}, { dictionary: ['userId', 'role'] }].map((options) =>
    createSealer({ keys, purpose: 'test', ...options }),
  );
  const token = short?.seal(value) ?? '';
  expectSame(short?.open(token).value, value);
  expectSame(token.length < (plain?.seal(value).length ?? 0), true);
}

function newKey(): void {
  const sealer = createSealer({ keys: [generateKey()], purpose: 'test' });
  expectSame(sealer.open(sealer.seal('mine')).value, 'mine');
}

function differentTokens(): void {
  const sealer = createSealer({ keys, purpose: 'test' });
  const tokens = Array.from({ length: 64 }, () => sealer.seal(null, { now }));
  expectSame(new Set(tokens).size, 64);
}

async function refusals(): Promise<void> {
  const sealer = createSealer({ keys, purpose: 'test' });
  const token = sealer.seal({ a: 1 }, { now });
  const last = token.endsWith('A') ? 'Q' : 'A';
  await expectCode(() => parseToken('no token!'), 'ERR_SEAL_MALFORMED');
  await expectCode(() => sealer.open(`I${token.slice(1)}`, { now }), 'ERR_SEAL_VERSION');
  await expectCode(() => sealer.open(token.slice(0, -1) + last, { now }), 'ERR_SEAL_TAMPERED');
  await expectCode(() => sealer.open(token, { now, context: 'other' }), 'ERR_SEAL_TAMPERED');
  await expectCode(() => sealer.open(token, { now: now + 61, maxAge: 60 }), 'ERR_SEAL_EXPIRED');
  await expectCode(() => createSealer({ keys: [secret(2)], purpose: 'test' }).open(token), 'ERR_SEAL_KEY_UNKNOWN');
  await expectCode(() => sealer.seal(new Money(1, 'EUR')), 'ERR_SEAL_TYPE_UNKNOWN');
}
