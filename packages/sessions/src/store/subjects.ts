/** A subject -> its index names: keyed hashes, so that a copy of the backend tells no one whose sessions they are. */

import { createSealer, type KeyInput } from '@sealring/codec';
import { SUBJECT_PURPOSE } from '@sealring/wire';
import { fingerprint } from '../text.ts';

/** Returns a function that gives a subject's names: the first is the newest key's, under which is written; the others are from before a rotation. */
export function createSubjectNames(keys: () => readonly KeyInput[]): (subject: string) => readonly string[] {
  let names: ((subject: string) => readonly string[]) | undefined;
  return (subject) => {
    names ??= namesUnder(keys());
    return names(subject);
  };
}

function namesUnder(keys: readonly KeyInput[]): (subject: string) => readonly string[] {
  const sealers = keys.map((input) => {
    const secret = typeof input === 'object' && 'secret' in input ? input.secret : input;
    return createSealer({ keys: [{ secret, encrypt: false }], purpose: SUBJECT_PURPOSE });
  });
  return (subject) => {
    const signed = sealers.map((sealer) => new TextEncoder().encode(sealer.seal(subject, { now: 0 })));
    return [...new Set(signed.map((bytes) => fingerprint(bytes)))];
  };
}
