/** `explain` against the codec's own `safeOpen`: the first check that fails is the step at which the codec ends. */
import { createSealer, type KeyInput, type SealErrorCode } from '@sealring/codec';
import { type CheckId, explain } from '@sealring/inspect';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import hostileCbor from '../codec/vectors/hostile-cbor.json' with { type: 'json' };
import { forge, fromBase64url, fromHex, KEY, loginToken, now, OTHER_KEY, toBase64url } from './support.ts';

const seed = 20_261_124;
const CHECKS: Readonly<Record<SealErrorCode, readonly CheckId[]>> = {
  ERR_SEAL_MALFORMED: ['structure'],
  ERR_SEAL_VERSION: ['version'],
  ERR_SEAL_KEY_UNKNOWN: ['key'],
  ERR_SEAL_TAMPERED: ['integrity', 'name'],
  ERR_SEAL_EXPIRED: ['age'],
  ERR_SEAL_FUTURE: ['age'],
  ERR_SEAL_PAYLOAD: ['payload'],
  ERR_SEAL_TYPE_UNKNOWN: ['payload'],
  ERR_SEAL_TOO_LARGE: [],
};

interface Question {
  token: string;
  secrets?: readonly (string | Uint8Array)[];
  name?: string;
  at?: number;
  maxAge?: number;
  context?: string;
}

/** Holds one answer against the other. A bare secret serves both modes here, so it stands twice in the ring. */
function compare({ token, secrets = [KEY], name = 'login', at = now, maxAge, context }: Question): string {
  const keys: KeyInput[] = secrets.flatMap((secret) => [{ secret }, { secret, encrypt: false }]);
  const options = {
    now: at,
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(context === undefined ? {} : { context }),
  };
  const outcome = createSealer({ keys, purpose: `sealring:cookie:${name}`, reserved: true }).safeOpen(token, options);
  const { checks, verdict, opened } = explain(token, { secrets, name, ...options });
  const failed = checks.find(({ state }) => state === 'failed');
  if (outcome.ok) {
    expect(failed).toBeUndefined();
    expect(verdict.state).toBe('opens');
    expect(opened?.value).toEqual(outcome.value);
    return 'opens';
  }
  expect({ token, code: failed?.code }).toEqual({ token, code: outcome.code });
  expect(CHECKS[outcome.code]).toContain(failed?.id);
  expect(['refused', 'unknown']).toContain(verdict.state);
  const order = checks.map(({ state }) => state);
  expect(order).toEqual([...order].sort((one, other) => RANK.indexOf(one) - RANK.indexOf(other)));
  return outcome.code;
}
const RANK = ['passed', 'failed', 'not reached'];

const vectors = hostileCbor.vectors.filter(({ hex }) => hex.length < 4000);
const tokens = [true, false].map((encrypt) => loginToken({ userId: 42, at: new Date(0) }, encrypt));
const anyToken = fc.constantFrom(...tokens);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('explain() agrees with safeOpen()', () => {
  it('on every change of one character', () => {
    const seen = new Set<string>();
    for (const token of tokens) {
      for (let at = 0; at < token.length; at++) {
        const old = ALPHABET.indexOf(token[at] ?? '');
        for (const step of [1, 2, 4, 8, 16, 32, 21]) {
          const other = ALPHABET[(old + step) % 64];
          seen.add(compare({ token: `${token.slice(0, at)}${other}${token.slice(at + 1)}` }));
        }
        for (const other of '!.~+/é')
          seen.add(compare({ token: `${token.slice(0, at)}${other}${token.slice(at + 1)}` }));
      }
    }
    expect([...seen].sort()).toEqual([
      'ERR_SEAL_KEY_UNKNOWN',
      'ERR_SEAL_MALFORMED',
      'ERR_SEAL_TAMPERED',
      'ERR_SEAL_VERSION',
    ]);
  });

  it('on every cut, from both ends', () => {
    for (const token of tokens) {
      for (let at = 1; at < token.length; at++) {
        compare({ token: token.slice(0, at) });
        compare({ token: token.slice(at) });
      }
    }
  });

  it('on keys, names, contexts and ages', () => {
    const counts = new Map<string, number>();
    const question = fc.record(
      {
        token: anyToken,
        secrets: fc.constantFrom([KEY], [OTHER_KEY, KEY], [OTHER_KEY]),
        name: fc.constantFrom('login', '__Host-login', 'Login', 'something-else'),
        at: fc.integer({ min: now - 200, max: now + 200 }),
        maxAge: fc.integer({ min: 0, max: 200 }),
        context: fc.constantFrom('', 'user:42'),
      },
      { requiredKeys: ['token'] },
    );
    fc.assert(
      fc.property(question, (given) => {
        const outcome = compare(given);
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      }),
      { seed, numRuns: 600 },
    );
    for (const code of ['opens', 'ERR_SEAL_KEY_UNKNOWN', 'ERR_SEAL_TAMPERED', 'ERR_SEAL_EXPIRED', 'ERR_SEAL_FUTURE']) {
      expect(counts.get(code), code).toBeGreaterThan(10);
    }
  });

  it('on the borders of the age', () => {
    const [token = ''] = tokens;
    expect(compare({ token, at: now + 60, maxAge: 60 })).toBe('opens');
    expect(compare({ token, at: now + 60.5, maxAge: 60 })).toBe('ERR_SEAL_EXPIRED');
    expect(compare({ token, at: now - 60 })).toBe('opens');
    expect(compare({ token, at: now - 60.5 })).toBe('ERR_SEAL_FUTURE');
  });

  it('on any bytes behind a true lead and key id', () => {
    fc.assert(
      fc.property(anyToken, fc.uint8Array({ maxLength: 80 }), (token, rest) => {
        compare({ token: toBase64url(Uint8Array.of(...fromBase64url(token).subarray(0, 4), ...rest)) });
      }),
      { seed, numRuns: 300 },
    );
  });

  it('on any base64url text', () => {
    const character = fc.constantFrom(...ALPHABET);
    fc.assert(
      fc.property(fc.string({ unit: character, minLength: 1, maxLength: 90 }), (token) => void compare({ token })),
      { seed, numRuns: 300 },
    );
  });

  const LIMITS = ['depth', 'items', 'size', 'bignum']; // this package's are more generous than the codec's defaults
  const hostile = vectors.filter(({ hex, code }) => hex !== '' && !LIMITS.includes(code ?? ''));

  it.each(hostile)('on the payload of $what ($hex)', ({ hex }) => {
    compare({ token: forge(fromHex(hex)) });
  });
});
