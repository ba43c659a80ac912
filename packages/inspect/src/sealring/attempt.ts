/** A token and the caller's keys -> which key and which binding authenticate it, and what its payload holds. */

import { type Authentic, createSealer, SealError, type SealErrorCode, type Sealer } from '@sealring/codec';
import type { KnownKey, Settings } from '../options.ts';
import type { Binding } from './bindings.ts';
import type { Parts } from './parts.ts';

/** What opened a token. */
export interface Opening extends Authentic {
  /** The index of the caller's key. */
  readonly key: number;
  readonly binding: Binding;
  readonly sealer: Sealer;
}

export type Content =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: SealErrorCode; readonly message: string; readonly offset: number | undefined };

// High, so that every reader rejects what is rejected here. The limit on the input keeps them safe.
const LIMITS = { bytes: 0x10_0000, depth: 512, items: 0x10_0000, bignumBytes: 0x10_0000, clockSkew: 0xffff_ffff };
const MAX_BYTES = 0x20_0000; // to authenticate while guessing the name: enough for every guess if the token fits into a cookie

/** Returns the indexes of the keys that have the token's key id. */
export function keysFor({ keyId }: Parts, keys: readonly KnownKey[]): number[] {
  return keys.flatMap((key, at) => (key.keyId === keyId ? [at] : []));
}

/** @returns what opened the token, or `undefined` if no key opens it under any binding. */
export function tryBindings(
  { text, mode, bytes }: Parts,
  candidates: readonly number[],
  bindings: readonly Binding[],
  settings: Settings,
): Opening | undefined {
  const max = Math.max(1, Math.floor(MAX_BYTES / ((bytes?.length ?? 1) * candidates.length)));
  const sealers = new Map<string, Sealer>(); // one purpose may come with many contexts
  for (const binding of bindings.slice(0, max)) {
    for (const at of candidates) {
      const key = settings.keys[at];
      if (key === undefined) continue;
      const id = `${at} ${binding.purpose}`;
      const sealer = sealers.get(id) ?? sealerFor(key, mode !== 'signed', binding.purpose, settings);
      sealers.set(id, sealer);
      const authentic = authenticate(sealer, text, binding);
      if (authentic !== undefined) return { ...authentic, stale: at > 0, key: at, binding, sealer };
    }
  }
  return undefined;
}

/** Decodes a payload, with the limits of the sealer. */
export function readContent(sealer: Sealer, payload: Uint8Array): Content {
  try {
    return { ok: true, value: sealer.decode(payload) };
  } catch (thrown) {
    if (!(thrown instanceof SealError)) throw thrown;
    return { ok: false, code: thrown.code, message: thrown.message, offset: thrown.offset };
  }
}

/** Returns why a reader with the default limits rejects the token, or `undefined` if it does not. */
export function rejectedByDefault({ payload, key, binding }: Opening, settings: Settings): string | undefined {
  const known = settings.keys[key];
  if (known === undefined) return undefined;
  const content = readContent(sealerFor(known, true, binding.purpose, settings, {}), payload);
  return content.ok ? undefined : content.message;
}

function sealerFor(
  { secret }: KnownKey,
  encrypt: boolean,
  purpose: string,
  { types, dictionary }: Settings,
  limits: Partial<typeof LIMITS> = LIMITS,
): Sealer {
  return createSealer({
    keys: [{ secret, encrypt }],
    purpose,
    reserved: true,
    limits,
    ...(types && { types }),
    ...(dictionary && { dictionary }),
  });
}

function authenticate(sealer: Sealer, text: string, { context }: Binding): Authentic | undefined {
  try {
    return sealer.authenticate(text, context === undefined ? {} : { context });
  } catch (thrown) {
    if (thrown instanceof SealError) return undefined;
    throw thrown;
  }
}
