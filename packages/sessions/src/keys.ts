/** The option `keys` of a store -> its keys, sealers and index names. Keys are checked when the store is made, missing ones at first use. */

import { createSealer, type KeyInput, type Limits, type Sealer, type TypeRegistry } from '@sealring/codec';
import { CHECK_PURPOSE } from '@sealring/wire';
import { describe } from './options.ts';
import { fingerprint } from './text.ts';

/** A list that may hold `undefined`, so that a build without secrets can import the module; or a function that is called at first use. */
export type KeyOptions = readonly (KeyInput | undefined)[] | (() => readonly (KeyInput | undefined)[]);

/**
 * Returns a function that gives the keys, the same list each time.
 *
 * @throws {TypeError | RangeError} if a key is wrong. The function throws a TypeError if one is missing.
 */
export function readKeys(given: KeyOptions): () => readonly KeyInput[] {
  if (typeof given !== 'function' && !Array.isArray(given)) {
    throw new TypeError(`"keys" expected an array of keys, or a function that returns one, got ${describe(given)}`);
  }
  const list = typeof given === 'function' ? undefined : [...given];
  let keys = list?.every(isGiven) ? check(list) : undefined;
  return () => {
    if (keys === undefined) {
      const found = list ?? (typeof given === 'function' ? [...given()] : []);
      const missing = found.findIndex((key) => !isGiven(key));
      if (missing >= 0) throw missingKey(missing);
      keys = check(found.filter(isGiven));
    }
    return keys;
  };
}

/** An empty string is what a variable without a value becomes in many shells. */
function isGiven(key: KeyInput | undefined): key is KeyInput {
  return key !== undefined && key !== '';
}

function check(keys: readonly KeyInput[]): readonly KeyInput[] {
  createSealer({ keys, purpose: CHECK_PURPOSE, reserved: true });
  return keys;
}

function missingKey(at: number): TypeError {
  const remedy = 'is SESSION_KEY set? Make one with: npx @sealring/cli keygen';
  return new TypeError(`"keys[${at}]" expected a key, got undefined: ${remedy}`);
}

/** What a sealer is made of, beside its keys and purpose. */
export interface CodecOptions {
  readonly types?: TypeRegistry;
  readonly dictionary?: readonly string[];
  readonly limits: Partial<Limits> & { readonly bytes: number };
}

/** Returns a function that gives a sealer. It is made at first use, when the keys have to be there. */
export function lazySealer(keys: () => readonly KeyInput[], purpose: string, codec: CodecOptions): () => Sealer {
  let sealer: Sealer | undefined;
  return () => (sealer ??= createSealer({ keys: keys(), purpose, reserved: true, ...codec }));
}

/**
 * Returns a function that gives the index names of a subject: keyed hashes, so that a copy of the backend tells nobody whose records they are. The first
 * name is the newest key's, under which is written; the others are from before a rotation of keys.
 */
export function createIndexNames(
  keys: () => readonly KeyInput[],
  purpose: string,
): (subject: string) => readonly string[] {
  let sealers: readonly Sealer[] | undefined;
  return (subject) => {
    sealers ??= keys().map((input) => {
      const secret = typeof input === 'object' && 'secret' in input ? input.secret : input;
      return createSealer({ keys: [{ secret, encrypt: false }], purpose, reserved: true });
    });
    const signed = sealers.map((sealer) => new TextEncoder().encode(sealer.seal(subject, { now: 0 })));
    return [...new Set(signed.map((bytes) => fingerprint(bytes)))];
  };
}
