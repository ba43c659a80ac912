/** A name on each line -> the dictionary for the codec, or why these lines are none. */
import { createSealer, generateKey } from '@sealring/codec';

export interface Dictionary {
  /** Without empty lines and repetitions, in their order; empty where there is a problem, as each name's number is its place. */
  readonly names: readonly string[];
  /** A sentence; empty where there is none. */
  readonly problem: string;
}

export function readDictionary(text: string): Dictionary {
  const names = [...new Set(text.split('\n').flatMap((line) => line.trim() || []))];
  try {
    // The codec has the rules. Nothing is sealed here: the key is only there because a sealer has one.
    createSealer({ keys: [generateKey()], purpose: 'check', dictionary: names });
    return { names, problem: '' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { names: [], problem: error.message };
  }
}
