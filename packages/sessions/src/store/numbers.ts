/** The number of a subject, which only grows: a login counts while the number it has read is current. PROTOCOL, "revokeAll". */

import { createVersion } from '../ambient.ts';
import type { Backend, StoredRecord } from '../backends/backend.ts';
import { MAX_COOKIE_AGE } from '../session/lifetime.ts';
import { fingerprint } from '../text.ts';
import { ask, type Step } from './steps.ts';

/** What a login is judged by. */
export interface Claim {
  /** The number that the login has read; `undefined`: whatever is current. */
  readonly stamp: number | undefined;
  readonly family: string;
}

interface SubjectNumber {
  readonly n: number;
  /** The family that the last `revokeAll` has spared. */
  readonly spare: string | undefined;
  /** What a stamp of that family must be at least. */
  readonly since: number;
}

/** Seconds for which a number is kept: longer than any session or request that is judged by it. */
const LIFETIME = MAX_COOKIE_AGE + 86_400;
const NONE: SubjectNumber = { n: 0, spare: undefined, since: 0 };

export class Numbers {
  readonly #backend: Backend;
  readonly #namesOf: (subject: string) => readonly string[];
  readonly #now: () => number;

  /** @param namesOf the subject's index names, the newest key's first. */
  constructor(backend: Backend, namesOf: (subject: string) => readonly string[], now: () => number) {
    this.#backend = backend;
    this.#namesOf = namesOf;
    this.#now = now;
  }

  /** The number that a login carries from now on. */
  *stampOf(subject: string): Step<number> {
    let stamp = 0;
    for (const name of this.#namesOf(subject)) stamp = Math.max(stamp, (yield* this.#read(name)).number.n);
    return stamp;
  }

  /** Whether a login still counts. After a rotation of keys a subject has several names; it must count under each. */
  *counts(subject: string, claim: Claim): Step<boolean> {
    for (const name of this.#namesOf(subject)) {
      if (!counts((yield* this.#read(name)).number, claim)) return false;
    }
    return true;
  }

  /**
   * Raises the number, so that no login of before counts any more, except those of one family.
   *
   * @param except the session that asks for it. It is not spared if it does not count itself.
   * @returns whether it was spared.
   */
  *raise(subject: string, except: Claim | undefined): Step<boolean> {
    const [name = '', ...others] = this.#namesOf(subject);
    let least = 0;
    let isSpared = except !== undefined;
    for (const other of others) {
      const { number } = yield* this.#read(other);
      least = Math.max(least, number.n);
      isSpared &&= except !== undefined && counts(number, except);
    }
    for (;;) {
      const { number, stored } = yield* this.#read(name);
      const spares = isSpared && except !== undefined && counts(number, except);
      const n = Math.max(least + 1, number.n + 1, Math.floor(this.#now() * 1000));
      const since = number.spare === except?.family ? number.since : number.n;
      const next = spares ? { n, spare: except.family, since } : { n, spare: undefined, since: 0 };
      const options = { version: createVersion(), expiresAt: this.#now() + LIFETIME, over: stored ?? null };
      if (yield* ask(() => this.#backend.set(idOf(name), formatNumber(next), options))) return spares;
    }
  }

  *#read(name: string): Step<{ number: SubjectNumber; stored: StoredRecord | undefined }> {
    const stored = yield* ask(() => this.#backend.get(idOf(name)));
    return { number: stored === undefined ? NONE : parseNumber(stored.data), stored };
  }
}

function counts({ n, spare, since }: SubjectNumber, { stamp = n, family }: Claim): boolean {
  return stamp >= n || (spare === family && stamp >= since);
}

/** Under what a backend keeps the number of an index name. */
function idOf(name: string): string {
  return fingerprint(new TextEncoder().encode(`number:${name}`));
}

function formatNumber({ n, spare, since }: SubjectNumber): Uint8Array {
  return new TextEncoder().encode(`N.${n}.${spare ?? ''}.${since}.`);
}

/** @throws {Error} if the bytes are not a number: to take them for 0 would bring back revoked sessions. */
function parseNumber(data: Uint8Array): SubjectNumber {
  const [, n, spare = '', since] = /^N\.(\d{1,16})\.([\w-]*)\.(\d{1,16})\.$/.exec(new TextDecoder().decode(data)) ?? [];
  if (n === undefined) throw new Error('A record of revocations expected a number, got something else');
  return { n: Number(n), spare: spare === '' ? undefined : spare, since: Number(since) };
}
