/** A day of the plan -> what the codec says to two cookies: one that its visitor kept at home, and one of a visitor who comes every day. */
import { createSealer, keyIdOf, parseToken, type Sealer, type Secret } from '@sealring/codec';
import { toHex } from '../token/hex.ts';
import { ISSUED_ON, type KeyName, PHASES, phaseOn } from './plan.ts';

export interface RotationKeys {
  readonly A: Secret;
  readonly B: Secret;
}

/** What became of a cookie on a day. */
export type Visit =
  | { readonly state: 'none' }
  | {
      readonly state: 'opened';
      readonly by: KeyName;
      readonly keyId: string;
      readonly stale: boolean;
      /** What the next save puts in its place, where it is stale. */
      readonly resealed: { readonly token: string; readonly keyId: string } | undefined;
      readonly token: string;
    }
  | { readonly state: 'refused'; readonly code: string; readonly missing: string; readonly token: string };

interface Day {
  /** Sealed on the day of issue and never sent since. */
  readonly away: Visit;
  /** Sent every day, and replaced where the server said so. */
  readonly daily: Visit;
}

export interface Rotation {
  on(day: number): Day;
  readonly ids: Readonly<Record<KeyName, string>>;
}

const SECONDS = 86_400;
const START = Date.UTC(2026, 0, 1) / 1000; // the same for everybody, so that the page says the same to everybody

/** @param purpose under which both are sealed, `sealring:cookie:session` for example. */
export function createRotation(keys: RotationKeys, purpose: string): Rotation {
  const timeOf = (day: number) => START + day * SECONDS;
  const sealers = new Map(
    PHASES.map((phase) => [
      phase,
      createSealer({ keys: phase.keys.map((name) => keys[name]), purpose, reserved: true }),
    ]),
  );
  const ids = { A: keyIdOf(keys.A), B: keyIdOf(keys.B) };
  const issued = sealerOn(ISSUED_ON).seal({ user: 42 }, { now: timeOf(ISSUED_ON) });
  const dailies = new Map<number, string>();

  function sealerOn(day: number): Sealer {
    const sealer = sealers.get(phaseOn(day));
    if (sealer === undefined) throw new RangeError(`No phase has begun on day ${day}`);
    return sealer;
  }

  /** The token that the daily visitor brings on this day: the one of the day before, sealed again if that was stale. */
  function dailyToken(day: number): string {
    if (day <= ISSUED_ON) return issued;
    const known = dailies.get(day);
    if (known !== undefined) return known;
    const before = visit(dailyToken(day - 1), day - 1);
    const token = before.state === 'opened' ? (before.resealed?.token ?? before.token) : issued;
    dailies.set(day, token);
    return token;
  }

  function visit(token: string, day: number): Visit {
    const sealer = sealerOn(day);
    const opened = sealer.safeOpen(token, { now: timeOf(day) });
    if (!opened.ok) return { state: 'refused', code: opened.code, missing: keyIdIn(token), token };
    const { keyId, stale, value } = opened;
    const again = stale ? sealer.seal(value, { now: timeOf(day) }) : undefined;
    const resealed = again === undefined ? undefined : { token: again, keyId: keyIdIn(again) };
    return { state: 'opened', by: keyId === ids.A ? 'A' : 'B', keyId, stale, resealed, token };
  }

  return {
    ids,
    on(day) {
      if (day < ISSUED_ON) return { away: { state: 'none' }, daily: { state: 'none' } };
      return { away: visit(issued, day), daily: visit(dailyToken(day), day) };
    },
  };
}

const keyIdIn = (token: string): string => toHex(parseToken(token).keyId);

/** For example `Key A opens it, stale: true. The next save seals it again with key B (dbc0e2).` */
export function describeVisit(visit: Visit, ids: Rotation['ids']): string {
  switch (visit.state) {
    case 'none':
      return 'There is no cookie yet.';
    case 'refused':
      return `It does not open: key ${visit.missing} is missing (${visit.code}). By now it would have expired anyway.`;
    case 'opened': {
      const start = `Key ${visit.by} (${visit.keyId}) opens it, stale: ${visit.stale}.`;
      const { resealed } = visit;
      if (resealed === undefined) return start;
      return `${start} The next save seals it again with key ${resealed.keyId === ids.A ? 'A' : 'B'} (${resealed.keyId}).`;
    }
  }
}
