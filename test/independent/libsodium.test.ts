/** libsodium opens our sealed tokens, and we open what it sealed: nothing about the encryption is ours alone. */
import { createSealer, parseToken } from '@sealring/codec';
import sodium from 'sodium-native';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../packages/codec/src/cbor.ts';
import { createKeyRing } from '../../packages/codec/src/keys.ts';
import { formatToken } from '../../packages/codec/src/token.ts';
import { everything, profileOf, secret } from '../codec/support.ts';

const purpose = 'libsodium';
const profile = profileOf({ limits: { bytes: 1 << 20 } });
const sealer = createSealer({ keys: [secret(1)], purpose, limits: { bytes: 1 << 20 } });
const { subkey, keyId } = createKeyRing([secret(1)], purpose).current;
const context = 'user:42';

describe('crypto_aead_xchacha20poly1305_ietf of libsodium', () => {
  it.each(Object.entries(everything))('opens our token of %s', (_, value) => {
    const token = parseToken(sealer.seal(value, { context }));
    if (token.mode !== 'sealed') throw new Error('expected a sealed token');
    const payload = Buffer.alloc(token.box.length - 16);
    const aad = Buffer.concat([token.header, Buffer.from(context)]);
    const { nonce, box } = token;
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      payload,
      null,
      Buffer.from(box),
      aad,
      Buffer.from(nonce),
      Buffer.from(subkey),
    );
    expect(decode(Uint8Array.from(payload), profile)).toStrictEqual(value);
  });

  it.each(Object.entries(everything))('seals a token of %s that we open', (_, value) => {
    const payload = Buffer.from(encode(value, profile));
    const header = Buffer.from([0x11, ...keyId, 0x69, 0x55, 0xb9, 0x00]);
    const nonce = Buffer.alloc(24);
    sodium.randombytes_buf(nonce);
    const box = Buffer.alloc(payload.length + 16);
    const aad = Buffer.concat([header, Buffer.from(context)]);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(box, payload, aad, null, nonce, Buffer.from(subkey));
    const token = formatToken(Uint8Array.from(Buffer.concat([header, nonce, box])));
    expect(sealer.open(token, { context })).toMatchObject({ issuedAt: 0x6955b900, stale: false });
    expect(sealer.open(token, { context }).value).toStrictEqual(value);
  });
});
