/** Log out everywhere: a subject -> since when its sessions are good, kept in a backend under a name that only the keys can make. */

import { createSealer, type KeyInput } from '@sealring/codec';
import { MAX_COOKIE_AGE } from './attributes.ts';
import type { Backend } from './backend.ts';
import { fingerprint } from './text.ts';

export interface Revocations {
  /** Sessions of the subject that were created before `at` end, except the one of this id. */
  revoke(subject: string, at: number, except: string | undefined): Promise<void>;
  /** @param now seconds since the epoch. */
  isRevoked(subject: string, createdAt: number, id: string | undefined, now: number): Promise<boolean>;
}

/**
 * A subject's names in a backend: hashes of what each key signs of it, so that a dump tells no one whose they are. The first is the
 * newest key's, under which is written; the others are for what was written before a rotation.
 */
export function createSubjectNames(keys: readonly KeyInput[]): (subject: string) => readonly string[] {
  const sealers = keys.map((input) => {
    const secret = typeof input === 'object' && 'secret' in input ? input.secret : input;
    return createSealer({ keys: [{ secret, encrypt: false }], purpose: 'subject' });
  });
  return (subject) => {
    const signed = sealers.map((sealer) => new TextEncoder().encode(sealer.seal(subject, { now: 0 })));
    return [...new Set(signed.map((bytes) => fingerprint(bytes)))];
  };
}

export function createRevocations(
  backend: Backend,
  keys: readonly KeyInput[],
  namesOf: (subject: string) => readonly string[],
): Revocations {
  const sealer = createSealer({ keys, purpose: 'revocation' });
  return {
    async revoke(subject, at, except) {
      const [name = ''] = namesOf(subject);
      const data = new TextEncoder().encode(sealer.seal([at, except], { now: Math.floor(at) }));
      await backend.set(name, data, { expiresAt: at + MAX_COOKIE_AGE });
    },
    async isRevoked(subject, createdAt, id, now) {
      for (const name of namesOf(subject)) {
        const stored = await backend.get(name);
        if (stored === undefined) continue;
        const opened = sealer.safeOpen(new TextDecoder().decode(stored.data), { now });
        const [at, except]: unknown[] = opened.ok && Array.isArray(opened.value) ? opened.value : [];
        // What does not open was not written by us: better a login too many than a revoked session too many.
        if (typeof at !== 'number' || (createdAt < at && (id === undefined || except !== id))) return true;
      }
      return false;
    },
  };
}
