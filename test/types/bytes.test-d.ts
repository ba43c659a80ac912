/** The bytes that the packages return: never of shared memory, so they fit whatever takes a `BufferSource`. Compiling is the test. */
import { createSealer, generateKey, parseToken, type Token } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { expectTypeOf } from 'vitest';

type Bytes = Uint8Array<ArrayBuffer>;
type Fields<Mode> = Extract<Token, { mode: Mode }>;

const sealer = createSealer({ keys: [generateKey()], purpose: 'types' });
const token = sealer.seal('');

// @sealring/codec
expectTypeOf(sealer.encode).returns.toEqualTypeOf<Bytes>();
expectTypeOf(sealer.authenticate(token).payload).toEqualTypeOf<Bytes>();
expectTypeOf(parseToken(token).keyId).toEqualTypeOf<Bytes>();
expectTypeOf<Fields<'sealed'>['random']>().toEqualTypeOf<Bytes>();
expectTypeOf<Fields<'sealed'>['ciphertext']>().toEqualTypeOf<Bytes>();
expectTypeOf<Fields<'sealed'>['tag']>().toEqualTypeOf<Bytes>();
expectTypeOf<Fields<'signed'>['payload']>().toEqualTypeOf<Bytes>();
expectTypeOf<Fields<'signed'>['mac']>().toEqualTypeOf<Bytes>();

// @sealring/inspect
expectTypeOf(explain(token).bytes).toEqualTypeOf<Bytes | undefined>();
expectTypeOf(explain(token).payload).toEqualTypeOf<Bytes | undefined>();
expectTypeOf(explain(token).unverified).toEqualTypeOf<Bytes | undefined>();

/** What takes bytes and refuses those that may be shared. */
export async function uses(): Promise<unknown[]> {
  const bytes = sealer.encode('');
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [digest, new Blob([bytes]), new Response(bytes), await fetch('/', { method: 'POST', body: bytes })];
}
