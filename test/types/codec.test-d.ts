/** The public types of @sealring/codec, as its users' compilers see them. Compiling is the test: `pnpm typecheck`. */
import {
  createSealer,
  errorType,
  formatToken,
  generateKey,
  type KeyInput,
  type Limits,
  type Opened,
  parseToken,
  regExpType,
  SealError,
  type SealErrorCode,
  type Sealer,
  type Token,
  type TypeRegistry,
  typeRegistry,
} from '@sealring/codec';
import { expectTypeOf } from 'vitest';

class Person {
  firstName = '';
  age: number | undefined;
  greet(): string {
    return `Hello ${this.firstName}`;
  }
}

class Money {
  readonly cents: bigint;
  readonly currency: string;
  private constructor(cents: bigint, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }
  static of(cents: bigint, currency: string): Money {
    return new Money(cents, currency);
  }
}

const sealer = createSealer({ keys: [generateKey()], purpose: 'types' });

// createSealer(): keys in both forms, limits one by one, nothing misspelt
expectTypeOf(sealer).toEqualTypeOf<Sealer>();
expectTypeOf<KeyInput>().toEqualTypeOf<string | Uint8Array | { secret: string | Uint8Array; encrypt?: boolean }>();
const keys = [new Uint8Array(32), { secret: generateKey(), encrypt: false }] as const;
createSealer({ keys, purpose: 'types', limits: { depth: 8 }, dictionary: ['a'] as const, types: typeRegistry() });
// @ts-expect-error: a purpose is needed
createSealer({ keys });
// @ts-expect-error: keys are needed
createSealer({ purpose: 'types' });
// @ts-expect-error: unknown option
createSealer({ keys, purpose: 'types', ttl: 60 });
// @ts-expect-error: unknown limit
createSealer({ keys, purpose: 'types', limits: { deep: 8 } });
// @ts-expect-error: unknown property of a key
createSealer({ keys: [{ secret: generateKey(), sign: true }], purpose: 'types' });
expectTypeOf<keyof Limits>().toEqualTypeOf<'bytes' | 'depth' | 'items' | 'bignumBytes' | 'clockSkew'>();

// seal(): any value to a text
expectTypeOf(sealer.seal).returns.toEqualTypeOf<string>();
expectTypeOf(sealer.seal).parameter(0).toBeUnknown();
sealer.seal(1, { now: 0, random: new Uint8Array(16), context: 'user' });
// @ts-expect-error: maxAge belongs to open()
sealer.seal(1, { maxAge: 60 });

// a purpose of sessions, for tools
createSealer({ keys: [generateKey()], purpose: 'sealring:cookie:a', reserved: true, verify: true });
// @ts-expect-error: a flag
createSealer({ keys: [generateKey()], purpose: 'types', reserved: 1 });

// open(): the value is unknown until its reader has looked
expectTypeOf(sealer.open).returns.toEqualTypeOf<Opened>();
expectTypeOf<Opened['value']>().toBeUnknown();
expectTypeOf<Omit<Opened, 'value'>>().toEqualTypeOf<{ issuedAt: number; keyId: string; stale: boolean }>();
sealer.open('', { now: 0, maxAge: 60, context: new Uint8Array(1) });
// @ts-expect-error: random belongs to seal()
sealer.open('', { random: new Uint8Array(16) });
// @ts-expect-error: a token is a text
sealer.open(new Uint8Array(1));

// safeOpen(): `ok` tells which
const result = sealer.safeOpen('');
expectTypeOf(result.ok).toEqualTypeOf<boolean>();
// @ts-expect-error: no value before ok is known
void result.value;
if (result.ok) {
  expectTypeOf(result).toExtend<Opened>();
  // @ts-expect-error: no code where it opened
  void result.code;
} else {
  expectTypeOf(result.code).toEqualTypeOf<SealErrorCode>();
  expectTypeOf(result.message).toBeString();
  expectTypeOf(result.offset).toEqualTypeOf<number | undefined>();
  // @ts-expect-error: no value where it did not
  void result.value;
}

// SealError
expectTypeOf<SealError>().toExtend<Error>();
expectTypeOf<SealError['code']>().toEqualTypeOf<SealErrorCode>();
expectTypeOf<SealError['offset']>().toEqualTypeOf<number | undefined>();
const thrown: unknown = undefined;
if (thrown instanceof SealError && thrown.code === 'ERR_SEAL_EXPIRED') expectTypeOf(thrown.code).toBeString();
// @ts-expect-error: no such code
void (new SealError('ERR_SEAL_OTHER', '') satisfies Error);

// register() by fields: names of the class's own properties
expectTypeOf(typeRegistry()).toEqualTypeOf<TypeRegistry>();
expectTypeOf(typeRegistry().register('P', Person, { fields: ['firstName', 'age'] })).toExtend<TypeRegistry>();
// @ts-expect-error: Person has no such field
typeRegistry().register('P', Person, { fields: ['lastName'] });
// @ts-expect-error: neither fields nor a pair
typeRegistry().register('P', Person, {});
// @ts-expect-error: half a pair
typeRegistry().register('P', Person, { encode: (person: Person) => person.firstName });

// register() by a pair: what encode returns, as a tuple, is what decode gets
typeRegistry().register('M', Money, {
  encode: (money) => {
    expectTypeOf(money).toEqualTypeOf<Money>();
    return [money.cents, money.currency];
  },
  decode: (encoded) => {
    expectTypeOf(encoded).toExtend<readonly [bigint, string]>();
    const [cents, currency] = encoded;
    expectTypeOf(cents).toEqualTypeOf<bigint>();
    expectTypeOf(currency).toEqualTypeOf<string>();
    return Money.of(cents, currency);
  },
});
typeRegistry().register('M', Money, {
  encode: ({ currency }) => ({ currency }),
  decode: ({ currency }) => Money.of(0n, currency),
});
// @ts-expect-error: decode has to give back the class
typeRegistry().register('M', Money, { encode: (money) => [money.cents], decode: ([cents]) => cents });

// the ready-made pairs
expectTypeOf(
  typeRegistry().register('RegExp', RegExp, regExpType).register('Error', Error, errorType),
).toExtend<TypeRegistry>();

// parseToken() and formatToken(): `mode` tells which fields there are
expectTypeOf(parseToken).toEqualTypeOf<(text: string) => Token>();
const token = parseToken('');
expectTypeOf(token.mode).toEqualTypeOf<'sealed' | 'signed'>();
if (token.mode === 'sealed') expectTypeOf(token).toHaveProperty('random').toEqualTypeOf<Uint8Array<ArrayBuffer>>();
else expectTypeOf(token).toHaveProperty('payload').toEqualTypeOf<Uint8Array<ArrayBuffer>>();
expectTypeOf(formatToken).toEqualTypeOf<(token: Token) => string>();
