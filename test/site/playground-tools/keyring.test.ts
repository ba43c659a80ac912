/** The rows of the keys panel: which are the same key, and which only look alike. */
import { createSealer } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { DEMO_KEYS } from '../../../site/src/playground/keys/demo-keys.ts';
import { Keyring } from '../../../site/src/playground/keys/keyring.ts';

/** Found by a search: 32 bytes that begin with `collision <n>`, whose key ids are equal. */
const COLLIDING = [604, 3867].map((number) => {
  const label = Buffer.from(`collision ${number}`);
  return Buffer.from(Array.from({ length: 32 }, (_, at) => label[at] ?? at)).toString('hex');
});

describe('Keyring', () => {
  const ringOf = (...keys: Parameters<Keyring['add']>[0][]) => {
    const ring = new Keyring(() => {});
    for (const key of keys) ring.add(key);
    return ring;
  };

  it('has both of two keys with one id, and either opens what it has sealed', () => {
    const { keys } = ringOf(...COLLIDING.map((text) => ({ text, encoding: 'hex' as const })));
    expect(keys.map(({ problem }) => problem)).toEqual(['', '']);
    expect(keys[0]?.keyId).toBe(keys[1]?.keyId);
    const secrets = keys.flatMap(({ secret }) => secret ?? []);
    expect(secrets).toHaveLength(2);
    for (const [at, secret] of secrets.entries()) {
      const token = createSealer({ keys: [secret], purpose: 'sealring:cookie:demo', reserved: true }).seal(at);
      expect(explain(token, { secrets, name: 'demo' }).opened).toMatchObject({ value: at, key: at });
    }
  });

  it('knows a key again in another encoding, and takes it once the first is gone', () => {
    const demo = DEMO_KEYS.get('demo-1') ?? '';
    const hex = Buffer.from(demo.slice(9, 52), 'base64url').toString('hex');
    const ring = ringOf({ text: demo }, { text: hex, encoding: 'hex' }, { text: hex.toUpperCase(), encoding: 'hex' });
    const twin = 'The same key as key 1.';
    expect(ring.keys.map(({ problem }) => problem)).toEqual(['', twin, twin]);
    expect(ring.keys.filter(({ secret }) => secret !== undefined)).toHaveLength(1);
    ring.remove(ring.keys[0]?.row ?? -1);
    expect(ring.keys.map(({ problem }) => problem)).toEqual(['', twin]);
    expect(ring.keys[0]?.secret).toEqual(Uint8Array.from({ length: 32 }, (_, at) => at));
  });
});
