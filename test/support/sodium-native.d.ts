// The part of libsodium's binding that the tests use; the package has no types of its own.

declare module 'sodium-native' {
  const sodium: {
    randombytes_buf(into: Buffer): void;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      box: Buffer,
      plaintext: Buffer,
      aad: Buffer,
      nsec: null,
      nonce: Buffer,
      key: Buffer,
    ): number;
    crypto_aead_xchacha20poly1305_ietf_decrypt(
      plaintext: Buffer,
      nsec: null,
      box: Buffer,
      aad: Buffer,
      nonce: Buffer,
      key: Buffer,
    ): number;
  };
  export default sodium;
}
