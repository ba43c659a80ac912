/** Published vectors through our own wrappers; randomness; what is left in memory. */
import { parseToken, typeRegistry } from '@sealring/codec';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeItem } from '../../packages/codec/src/cbor/engine.ts';
import { decryptBox, encryptBox } from '../../packages/codec/src/crypto/aead.ts';
import { createHmac, expand, extract } from '../../packages/codec/src/crypto/hash.ts';
import { BLOCK, createRoom } from '../../packages/codec/src/room.ts';
import { codeOf, encode, fromHex, modes, now, profileOf, sealerOf, toHex } from './support.ts';

describe('published vectors', () => {
  // draft-irtf-cfrg-xchacha-03, A.3.1.
  const plaintext = new TextEncoder().encode(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );
  const subkey = Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at);
  const nonce = Uint8Array.from({ length: 24 }, (_, at) => 0x40 + at);
  const expected =
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452' +
    '2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e' +
    'c0875924c1c7987947deafd8780acf49';

  it('XChaCha20-Poly1305, both ways', () => {
    const room = createRoom(plaintext.length);
    room.bytes.set(nonce, BLOCK - 24);
    room.payload.set(plaintext);
    encryptBox(subkey, fromHex('50515253c0c1c2c3c4c5c6c7'), room, plaintext.length);
    expect(toHex(room.payload.subarray(0, plaintext.length + 16))).toBe(expected);
    const opened = decryptBox(subkey, fromHex('50515253c0c1c2c3c4c5c6c7'), room, plaintext.length);
    expect(opened?.payload.slice(0, plaintext.length)).toStrictEqual(plaintext);
  });

  it('HKDF-SHA-256, RFC 5869 A.1', () => {
    const prk = extract(fromHex('000102030405060708090a0b0c'), new Uint8Array(22).fill(0x0b));
    expect(toHex(prk)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
    expect(toHex(expand(prk, fromHex('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  it.each([
    ['4869205468657265', '0b'.repeat(20), 'b0344c61d8db38535ca8afceaf0bf12b'],
    ['7768617420646f2079612077616e7420666f72206e6f7468696e673f', '4a656665', '5bdcc146bf60754e6a042426089575c7'],
    ['dd'.repeat(50), 'aa'.repeat(20), '773ea91e36800e46854db8ebd09181a7'],
  ])('HMAC-SHA-256, RFC 4231, first 16 bytes', (data, hmacKey, mac) => {
    const bytes = fromHex(data);
    expect(toHex(createHmac(fromHex(hmacKey))(bytes)).slice(0, 32)).toBe(mac);
    expect(toHex(createHmac(fromHex(hmacKey))(bytes.subarray(0, 3), bytes.subarray(3))).slice(0, 32)).toBe(mac);
  });
});

describe('random bytes', () => {
  it('make 50,000 seals of one value differ', { timeout: 60_000 }, () => {
    const sealer = sealerOf('sealed');
    const tokens = new Set<string>();
    for (let at = 0; at < 50_000; at++) tokens.add(sealer.seal(1, { now: 0 }));
    expect(tokens.size).toBe(50_000);
  });

  it('that cannot be had make seal() throw, not repeat', () => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('no entropy');
    });
    try {
      const until = Date.now() + 2000; // by then what was drawn before is thrown away
      vi.spyOn(Date, 'now').mockReturnValue(until);
      expect(() => sealerOf('sealed').seal(1)).toThrow('no entropy');
      expect(() => sealerOf('sealed').seal(1)).toThrow('no entropy');
      expect(sealerOf('signed').seal(1)).toMatch(/^S/);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('the random bytes of a token', () => {
  const sealer = sealerOf('sealed');
  const nonceOf = () => {
    const token = parseToken(sealer.seal(1));
    return token.mode === 'sealed' ? toHex(token.random) : '';
  };
  /** Tokens of a process that draws the same as its copy, with clocks that show the given times. */
  const tokensAt = (...times: number[]) => {
    let second = Date.now() + 10_000;
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      if (array instanceof Uint8Array) array.forEach((_, at) => void (array[at] = at * 7));
      return array;
    });
    vi.spyOn(Date, 'now').mockImplementation(() => second);
    return times.map((time) => {
      vi.spyOn(performance, 'now').mockReturnValue(time);
      second += 1000; // starts from the same random bytes
      return nonceOf();
    });
  };

  afterEach(() => void vi.restoreAllMocks());

  it('differ in two copies of a process that seal at different moments', () => {
    const nonces = tokensAt(1000, 1000.0001, 1000.001, 1001, 1_000_000_000);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('are all random, whatever the clock', () => {
    vi.spyOn(performance, 'now').mockReturnValue(12_345.678);
    const nonces = Array.from({ length: 2000 }, nonceOf);
    for (let at = 0; at < 16; at++) {
      const values = new Set(nonces.map((nonce) => nonce.slice(2 * at, 2 * at + 2)));
      expect(values.size).toBeGreaterThan(200); // of 256
    }
  });

  it('are drawn for several tokens at a time, and not kept beyond the second', () => {
    let now = Date.now() + 20_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    const draws = vi.spyOn(crypto, 'getRandomValues');
    for (let at = 0; at < 10; at++) nonceOf();
    expect(draws).toHaveBeenCalledTimes(1);
    now += 1000;
    nonceOf();
    expect(draws).toHaveBeenCalledTimes(2);
  });
});

describe.each(modes)('memory, %s', (mode) => {
  const sealer = sealerOf(mode);
  const holds = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes).includes('plaintext');
  const bufferOf = () => encodeItem(null, 9).room.bytes;

  it('holds no plaintext in the engine after a seal, a refused seal, and one that outgrows the buffer', () => {
    sealer.seal('plaintext'.repeat(40));
    expect(holds(bufferOf())).toBe(false);
    expect(() => sealerOf(mode, { limits: { bytes: 10 } }).seal('plaintext'.repeat(40))).toThrow();
    expect(holds(bufferOf())).toBe(false);
    const small = bufferOf();
    sealer.seal('plaintext'.repeat(5000));
    expect(holds(bufferOf())).toBe(false);
    expect(holds(small)).toBe(false);
  });

  it.each([
    ['opened', {}, 'nothing thrown'],
    ['rejected as expired', { maxAge: 1 }, 'ERR_SEAL_EXPIRED'],
    ['rejected for another context', { context: 'other' }, 'ERR_SEAL_TAMPERED'],
    ['rejected by the decode of its class', { now }, 'ERR_SEAL_PAYLOAD'],
  ])('holds no plaintext in any kept buffer after a token was %s', (what, options, code) => {
    class Broken {
      text = 'plaintext'.repeat(40);
    }
    const decode = (): Broken => {
      throw new Error('broken');
    };
    const types = typeRegistry().register('Broken', Broken, { encode: ({ text }) => text, decode });
    const local = sealerOf(mode, { types, verify: false });
    const token = local.seal(what.includes('class') ? new Broken() : 'plaintext'.repeat(40), { now });
    const buffers = new Set<ArrayBufferLike>();
    // Whatever keeps bytes is written to or wiped by one of these.
    const spies = [
      vi.spyOn(Uint8Array.prototype, 'set'),
      vi.spyOn(Uint8Array.prototype, 'subarray'),
      vi.spyOn(Uint8Array.prototype, 'fill'),
    ];
    try {
      expect(codeOf(() => local.open(token, { now: now + 5, ...options }))).toBe(code);
      for (const spy of spies) {
        for (const one of spy.mock.contexts) if (one instanceof Uint8Array) buffers.add(one.buffer);
      }
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(buffers.size).toBeGreaterThan(0);
    const isPublic = mode === 'signed' && code === 'ERR_SEAL_TAMPERED'; // whoever has a signed token reads it
    for (const buffer of buffers) expect(holds(new Uint8Array(buffer)) && !isPublic).toBe(false);
  });

  it('of two seals is not mixed up when one is made inside the other', () => {
    const first = encode({ a: 'x'.repeat(100) }, profileOf());
    const getter = {
      get b() {
        return sealer.seal({ c: 'y'.repeat(50) });
      },
      d: 'z',
    };
    const { value } = sealer.open(sealer.seal(getter));
    class Outer {}
    const decode = () => {
      sealer.open(sealer.seal('z'.repeat(200)));
      return new Outer();
    };
    const types = typeRegistry().register('O', Outer, { encode: () => 'x'.repeat(100), decode });
    const nested = sealerOf(mode, { types }); // it verifies, so that decode runs while a token is made
    expect(nested.open(nested.seal([new Outer(), 'after'])).value).toStrictEqual([new Outer(), 'after']);
    expect(value).toMatchObject({ b: expect.stringMatching(/^[ES]/), d: 'z' });
    expect(encode({ a: 'x'.repeat(100) }, profileOf())).toStrictEqual(first);
  });
});
