/** Our own codec as rows: sealed, sealed with a dictionary, signed; fixed keys, the package as it is published. */
import { createSealer, parseToken, type Sealer } from '@sealring/codec';
import type { Fixture } from './fixtures.ts';
import type { Codec } from './peers.ts';

export type Mode = 'sealed' | 'signed';

export interface OurCodecs {
  sealed: Codec;
  dictionary: Codec;
  signed: Codec;
}

/** The rows of one fixture; the dictionary holds all its field names. */
export function ourCodecs(fixture: Fixture): OurCodecs {
  return {
    sealed: asCodec('@sealring/codec, sealed', createBenchSealer('sealed')),
    dictionary: asCodec('@sealring/codec, dictionary', createBenchSealer('sealed', fixture.fieldNames)),
    signed: asCodec('@sealring/codec, signed', createBenchSealer('signed')),
  };
}

/** A sealer with default limits and the first benchmark key. */
export function createBenchSealer(mode: Mode, dictionary: readonly string[] = []): Sealer {
  return createSealer({ keys: [{ secret: benchSecret(0), encrypt: mode === 'sealed' }], purpose: 'bench', dictionary });
}

/** The `index`th fixed 32-byte secret: the same in every run. */
export function benchSecret(index: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, place) => (place * 73 + index * 29 + 11) & 255);
}

/** Our plaintext of a fixture, read from a signed token: a sealed token of the same value hides the same bytes. */
export function readPayload({ value }: Fixture): Uint8Array {
  const signed = parseToken(createBenchSealer('signed').seal(value));
  const sealed = parseToken(createBenchSealer('sealed').seal(value));
  if (signed.mode !== 'signed' || sealed.mode !== 'sealed') throw new Error('A sealer mistakes its mode');
  if (sealed.ciphertext.length !== signed.payload.length) throw new Error('The modes differ in their payload');
  return signed.payload;
}

function asCodec(name: string, sealer: Sealer): Codec {
  return { name, seal: (value) => sealer.seal(value), open: (token) => sealer.open(token).value };
}
