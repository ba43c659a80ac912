/** Logins that have ended although their cookies still open: of a subject, those from before a moment; and single ones. Kept in a backend. */

import { createSealer, type KeyInput } from '@sealring/codec';
import { MAX_COOKIE_AGE } from './attributes.ts';
import type { Backend } from './backend.ts';
import { fingerprint } from './text.ts';

/** What a presented session is known by. */
export interface Ticket {
  readonly id: string | undefined;
  readonly subject: string | undefined;
  /** Since when it is its subject's; seconds since the epoch. */
  readonly since: number;
}

export interface Revocations {
  /** Sessions that were the subject's before `at` end, except the one of this id. */
  revoke(subject: string, at: number, except: string | undefined): Promise<void>;
  /** Ends one session: for what is kept in cookies alone, where there is no record to delete. */
  end(id: string, now: number): Promise<void>;
  /** Whether `end` was called for it. */
  hasEnded(ticket: Ticket, now: number): Promise<boolean>;
  /** Whether `revoke` ended it. */
  isRevoked(ticket: Ticket, now: number): Promise<boolean>;
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
  const put = async (name: string, value: unknown, at: number) => {
    const data = new TextEncoder().encode(sealer.seal(value, { now: Math.floor(at) }));
    await backend.set(name, data, { expiresAt: at + MAX_COOKIE_AGE }); // no session of before lives longer
  };
  const read = async (name: string, now: number): Promise<unknown> => {
    const stored = await backend.get(name);
    if (stored === undefined) return undefined;
    const opened = sealer.safeOpen(new TextDecoder().decode(stored.data), { now });
    return opened.ok ? opened.value : null;
  };
  const isRevokedBy = async (name: string, { id, since }: Ticket, now: number) => {
    const revoked = await read(name, now);
    if (revoked === undefined) return false;
    const [at, except]: unknown[] = Array.isArray(revoked) ? revoked : [];
    // What does not open was not written by us: better a login too many than a revoked session too many.
    return typeof at !== 'number' || (since < at && (id === undefined || except !== id));
  };
  return {
    async revoke(subject, at, except) {
      const [name = ''] = namesOf(subject);
      await put(name, [at, except], at);
    },
    end: (id, now) => put(nameOfEnded(id), true, now),
    hasEnded: async ({ id }, now) => id !== undefined && (await read(nameOfEnded(id), now)) !== undefined,
    async isRevoked(ticket, now) {
      const { subject } = ticket;
      const names = subject === undefined ? [] : namesOf(subject);
      return (await Promise.all(names.map((name) => isRevokedBy(name, ticket, now)))).includes(true);
    },
  };
}

function nameOfEnded(id: string): string {
  return fingerprint(new TextEncoder().encode(`ended:${id}`));
}
