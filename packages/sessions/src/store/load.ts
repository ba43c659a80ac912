/** The cookies of a request -> the session of one name: opened, judged by today's clock, and ready for a handler. */

import type { MaybePromise } from '../backends/backend.ts';
import { parseCookies } from '../cookie/header.ts';
import { endOf } from '../session/lifetime.ts';
import type { Rejection } from '../session/session.ts';
import { takeLate } from './late.ts';
import type { Named } from './named.ts';
import { type Found, type Moved, SILENCE } from './place.ts';
import { isSettled } from './steps.ts';
import { Visit } from './visit.ts';

const NONE: readonly Found[] = [];

/** @param header the cookies of the request, as a Cookie header. @throws {SessionError} `ERR_SESSION_BACKEND`. */
export function load(
  named: Named,
  request: object,
  header: string | undefined,
  tenant: string | undefined,
): MaybePromise<Visit> {
  const looked = parseCookies(header, named.cookieName).map(({ value, chunks, broken }) =>
    broken ? 'malformed' : named.place.find(value, chunks, tenant),
  );
  return looked.every(isSettled)
    ? begin(named, request, header, tenant, looked)
    : Promise.all(looked).then((found) => begin(named, request, header, tenant, found));
}

/** Of several genuine cookies the newest counts. */
function begin(
  named: Named,
  request: object,
  header: string | undefined,
  tenant: string | undefined,
  looked: readonly (Found | Moved | Rejection)[],
): Visit {
  let newest: Found | undefined;
  let others = NONE;
  let silent: Moved | undefined;
  let reason: Rejection | undefined;
  for (const found of looked) {
    if (typeof found === 'string') reason ??= found;
    else if (found.state === 'moved') {
      if (named.now() - found.since < SILENCE) silent ??= found;
      reason ??= 'gone';
    } else if (named.now() >= endOf(found.record.createdAt, found.seenAt, named.lifetimeOf(found.record)))
      reason ??= 'expired';
    else if (newest === undefined) newest = found;
    else if (found.issuedAt > newest.issuedAt) [newest, others] = [found, [...others, newest]];
    else others = [...others, found];
  }
  const { emit, name } = named;
  const rejected = newest === undefined ? reason : undefined;
  if (rejected !== undefined) emit({ type: 'rejected', name, reason: rejected });
  const finding = { found: newest ?? silent, others, rejected, hasCookie: looked.length > 0, header };
  const visit = new Visit(named, request, finding, tenant, takeLate);
  named.prepare(visit.draft);
  if (visit.draft.isReset) emit({ type: 'rejected', name, reason: 'invalid' });
  return visit;
}
