/** libsodium opens our sealed tokens, and we open what it sealed: nothing about the encryption is ours alone. */
import { hkdfSync } from 'node:crypto';
import { createSealer, parseToken } from '@sealring/codec';
import sodium from 'sodium-native';
import { describe, expect, it } from 'vitest';
import { everything, secret } from '../codec/support.ts';

const purpose = 'libsodium';
const sealer = createSealer({ keys: [secret(1)], purpose, limits: { bytes: 1 << 20 } });
const derive = (info: string, length: number) =>
  Buffer.from(hkdfSync('sha256', secret(1), 'sealring/v1', info, length));
const subkey = derive(`\x11${purpose}`, 32);
const keyId = derive('kid', 3);
const context = 'user:42';
const NONCE = 24;

describe('crypto_aead_xchacha20poly1305_ietf of libsodium', () => {
  it.each(Object.entries(everything))('opens our token of %s, whose first 24 bytes are the nonce', (_, value) => {
    const token = Buffer.from(sealer.seal(value, { context }), 'base64url');
    const payload = Buffer.alloc(token.length - NONCE - 16);
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      payload,
      null,
      token.subarray(NONCE),
      Buffer.from(context),
      token.subarray(0, NONCE),
      subkey,
    );
    expect(sealer.decode(Uint8Array.from(payload))).toStrictEqual(value);
  });

  it.each(Object.entries(everything))('seals a token of %s that we open', (_, value) => {
    const payload = Buffer.from(sealer.encode(value));
    const random = Buffer.alloc(16);
    sodium.randombytes_buf(random);
    const nonce = Buffer.concat([Buffer.from([0x11]), keyId, Buffer.from('6955b900', 'hex'), random]);
    const box = Buffer.alloc(payload.length + 16);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(box, payload, Buffer.from(context), null, nonce, subkey);
    const token = Buffer.concat([nonce, box]).toString('base64url');
    expect(sealer.open(token, { context })).toMatchObject({ issuedAt: 0x6955b900, stale: false });
    expect(sealer.open(token, { context }).value).toStrictEqual(value);
    expect(parseToken(token)).toMatchObject({ mode: 'sealed', issuedAt: 0x6955b900 });
  });
});
