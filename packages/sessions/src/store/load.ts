/** The cookies of a request -> the session of one name: opened, judged by today's clock, and ready for a handler. */

import type { MaybePromise } from '../backends/backend.ts';
import { parseCookies, staleChunks } from '../cookie/header.ts';
import { endOf } from '../session/lifetime.ts';
import type { Rejection } from '../session/session.ts';
import type { Named } from './named.ts';
import { type Found, type Moved, SILENCE } from './place.ts';
import { isPromise, run, type Step } from './steps.ts';
import { type Finding, Visit } from './visit.ts';

const NONE: readonly Found[] = [];

/** @param header the cookies of the request, as a Cookie header. @throws {SessionError} `ERR_SESSION_BACKEND`. */
export function load(named: Named, header: string | undefined, tenant: string | undefined): MaybePromise<Visit> {
  const finding = run(find(named, header, tenant));
  return isPromise(finding) ? finding.then((found) => begin(named, found, tenant)) : begin(named, finding, tenant);
}

/** Opens every cookie of the name: of several that are genuine the newest counts. */
function* find(named: Named, header: string | undefined, tenant: string | undefined): Step<Finding> {
  let newest: Found | undefined;
  let others = NONE;
  let silent: Moved | undefined;
  let rejected: Rejection | undefined;
  const candidates = parseCookies(header, named.cookieName);
  for (const { value, chunks, broken } of candidates) {
    const found = broken ? 'malformed' : yield* named.place.find(value, chunks, tenant);
    if (typeof found === 'string') rejected ??= found;
    else if (found.state === 'moved') {
      if (named.now() - found.since < SILENCE) silent ??= found;
      rejected ??= 'gone';
    } else if (isOver(named, found)) rejected ??= 'expired';
    else if (newest === undefined) newest = found;
    else if (found.issuedAt > newest.issuedAt) [newest, others] = [found, [...others, newest]];
    else others = [...others, found];
  }
  return {
    found: newest ?? silent,
    others,
    rejected: newest === undefined ? rejected : undefined,
    hasCookie: candidates.length > 0,
    chunkNames: staleChunks(header, named.cookieName, 0),
  };
}

/** Whether its lifetime or its idle time is over, whatever wrote it last. */
function isOver(named: Named, { record, seenAt }: Found): boolean {
  return named.now() >= endOf(record.createdAt, seenAt, named.lifetimeOf(record));
}

function begin(named: Named, finding: Finding, tenant: string | undefined): Visit {
  const { emit, name } = named;
  if (finding.rejected !== undefined) emit({ type: 'rejected', name, reason: finding.rejected });
  const visit = new Visit(named, finding, tenant);
  named.prepare(visit.draft);
  if (visit.draft.isReset) emit({ type: 'rejected', name, reason: 'invalid' });
  return visit;
}
