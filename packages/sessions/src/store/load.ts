/** The cookies of a request -> the session of one name: opened, judged by today's clock, and ready for a handler. */

import { emptyContents, type SessionRecord } from '@sealring/wire';
import type { MaybePromise } from '../backends/backend.ts';
import { parseCookies, staleChunks } from '../cookie/header.ts';
import { CookieChoices } from '../session/cookie-choices.ts';
import { Draft, type Keeper } from '../session/draft.ts';
import { endOf } from '../session/lifetime.ts';
import type { Rejection } from '../session/session.ts';
import { SessionObject } from '../session/session-object.ts';
import type { Named } from './named.ts';
import { type Found, type Moved, SILENCE } from './place.ts';
import { isPromise, run, type Step } from './steps.ts';
import { newAttempt, type Visit } from './visit.ts';

/** What the cookies of one name lead to. */
interface Finding {
  readonly found: Found | Moved | undefined;
  readonly others: readonly Found[];
  readonly rejected: Rejection | undefined;
  readonly hasCookie: boolean;
}

/** @param header the cookies of the request, as a Cookie header. @throws {SessionError} `ERR_SESSION_BACKEND`. */
export function load(named: Named, header: string | undefined, tenant: string | undefined): MaybePromise<Visit> {
  const finding = run(find(named, header, tenant));
  const chunkNames = staleChunks(header, named.cookieName, 0);
  if (!isPromise(finding)) return begin(named, finding, chunkNames, tenant);
  return finding.then((found) => begin(named, found, chunkNames, tenant));
}

/** Opens every cookie of the name: of several that are genuine the newest counts. */
function* find(named: Named, header: string | undefined, tenant: string | undefined): Step<Finding> {
  const live: Found[] = [];
  let silent: Moved | undefined;
  let rejected: Rejection | undefined;
  const candidates = parseCookies(header, named.cookieName);
  for (const { value, chunks, broken } of candidates) {
    const found = broken ? 'malformed' : yield* named.place.find({ value, chunks, tenant });
    if (typeof found === 'string') rejected ??= found;
    else if (found.state === 'moved') {
      if (named.now() - found.since < SILENCE) silent ??= found;
      rejected ??= 'gone';
    } else if (isOver(named, found)) rejected ??= 'expired';
    else live.push(found);
  }
  const [newest, ...others] = live.sort((one, other) => other.issuedAt - one.issuedAt); // stable: the first in the header
  const hasCookie = candidates.length > 0;
  if (newest !== undefined) return { found: newest, others, rejected: undefined, hasCookie };
  return { found: silent, others, rejected, hasCookie };
}

/** Whether its lifetime or its idle time is over, whatever wrote it last. */
function isOver(named: Named, { record, seenAt }: Found): boolean {
  return named.now() >= endOf(record.createdAt, seenAt, named.lifetimeOf(record));
}

function begin(named: Named, finding: Finding, chunkNames: readonly string[], tenant: string | undefined): Visit {
  const { found, others, rejected, hasCookie } = finding;
  if (rejected !== undefined) named.emit({ type: 'rejected', name: named.name, reason: rejected });
  const live = found?.state === 'live' ? found : undefined;
  const now = Math.floor(named.now());
  const record = live?.record ?? newRecord(now);
  const { maxAge } = named.lifetime;
  const draft = new Draft(
    {
      name: named.name,
      record,
      isNew: live === undefined,
      seenAt: live?.seenAt ?? now,
      rejected,
      lifetime: named.lifetime,
      choices: new CookieChoices(maxAge, record.maxAge, named.attributes),
      onLoss: named.onLoss,
    },
    keeperOf(named, () => visit),
  );
  const session = new SessionObject(draft, () => visit);
  const visit: Visit = {
    named,
    session,
    draft,
    found,
    others,
    identity: live,
    isRevoked: false,
    tenant,
    hasCookie,
    chunkNames,
    attempt: newAttempt(),
  };
  named.prepare(draft);
  if (draft.isReset) named.emit({ type: 'rejected', name: named.name, reason: 'invalid' });
  return visit;
}

function keeperOf(named: Named, visitOf: () => Visit): Keeper {
  return {
    codec: named.codec,
    now: named.now,
    idOf(isNew) {
      const visit = visitOf();
      const { found, identity, isRevoked } = visit;
      if (!isNew && identity !== undefined) return identity.id;
      const family = identity?.family ?? (isRevoked ? undefined : found?.family); // a second move in one request keeps the family too
      visit.identity = (found?.place ?? named.place).newIdentity(family);
      return visit.identity.id;
    },
    stampOf: async (subject) => await run(named.stampOf(subject)),
  };
}

function newRecord(createdAt: number): SessionRecord {
  return {
    contents: emptyContents(),
    createdAt,
    maxAge: undefined,
    subject: undefined,
    authenticatedAt: undefined,
    id: undefined,
    family: undefined,
    stamp: undefined,
  };
}
