/** `explain` over the codec's golden tokens, in every engine: each opens, and the segments are the token, byte for byte. */
import { createSealer } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { fromNotation } from '../codec/support.ts';
import golden from '../codec/vectors/tokens.json' with { type: 'json' };
import { fromBase64url } from './support.ts';

const secret = Uint8Array.from({ length: 32 }, (_, at) => (32 + 7 * at) % 256);
const now = 1_767_225_600;
const given = { secrets: [secret], purpose: 'test', now };

describe('explain() of a golden token', () => {
  it.each(golden.tokens)('opens it: $mode, $name', ({ mode, value, context, token }) => {
    const { verdict, checks, opened, payload, segments, ...found } = explain(token, { ...given, context });
    expect(verdict).toMatchObject({ state: 'opens', headline: 'It opens.' });
    expect(checks.map(({ state }) => state)).toEqual(Array(7).fill('passed'));
    expect(found).toMatchObject({ mode, issuedAt: now, keyId: '651a73' });
    expect(opened?.value).toStrictEqual(fromNotation(value));
    const sealer = createSealer({ keys: [{ secret, encrypt: mode === 'sealed' }], purpose: 'test' });
    expect(payload).toEqual(sealer.authenticate(token, { context }).payload);
    expect(segments[0]?.bytes.from).toBe(0);
    expect(segments.at(-1)?.bytes.to).toBe(fromBase64url(token).length);
    for (const [at, { bytes }] of segments.entries()) expect(bytes.from).toBe(segments[at - 1]?.bytes.to ?? 0);
  });

  it.each(golden.tokens)('refuses it for another purpose and with another context: $mode, $name', (row) => {
    const { token, context } = row;
    const refused = { verdict: { state: 'refused' }, payload: undefined, opened: undefined };
    expect(explain(token, { ...given, context, purpose: 'other' })).toMatchObject(refused);
    expect(explain(token, { ...given, context: 'user:43' })).toMatchObject(refused);
  });
});
