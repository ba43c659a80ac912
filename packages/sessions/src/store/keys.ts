/** The option `keys` of a store -> the keys, checked: those that are there when the store is made, the others at first use. */

import { createSealer, type KeyInput } from '@sealring/codec';
import { describe } from '../options.ts';

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
  createSealer({ keys, purpose: 'check' });
  return keys;
}

function missingKey(at: number): TypeError {
  const remedy = 'is SESSION_KEY set? Make one with: npx @sealring/cli keygen';
  return new TypeError(`"keys[${at}]" expected a key, got undefined: ${remedy}`);
}
