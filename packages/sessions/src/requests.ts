/** The sessions of one request: the same object for the same store and name, however often and however concurrently it is asked for. */

import type { MaybePromise } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions } from './carrier.ts';
import { checkOptions } from './options.ts';
import { cookieHeaderOf, type SessionRequest } from './request.ts';
import type { Session } from './session.ts';

/** A session that was asked for, and what its commit gave. */
interface Entry {
  readonly pending: Promise<Carried>;
  /** Set as soon as it is there: then no commit has to wait for it. */
  carried: Carried | undefined;
  committed: MaybePromise<CookieChanges> | undefined;
}

// Keyed by the request itself: nothing to clear, nothing leaks.
const requests = new WeakMap<object, Map<Carrier, Map<string, Entry>>>();

/** @throws {TypeError} when the request has no headers, the name is no cookie name, or an option is unknown. */
export async function getSession(
  carrier: Carrier,
  request: SessionRequest,
  name: string,
  options: GetOptions = {},
): Promise<Session> {
  checkOptions('get()', options, ['maxAge', 'idleTimeout']);
  const header = cookieHeaderOf(request);
  const carriers = getOrMake(requests, request, () => new Map<Carrier, Map<string, Entry>>());
  const entries = getOrMake(carriers, carrier, () => new Map<string, Entry>());
  const known = entries.get(name);
  if (known !== undefined) return (await known.pending).session;
  const loading = carrier.load(name, header, options);
  const pending = Promise.resolve(loading);
  const entry: Entry = { pending, carried: loading instanceof Promise ? undefined : loading, committed: undefined };
  entries.set(name, entry);
  try {
    const carried = await pending;
    entry.carried = carried;
    return carried.session;
  } catch (error) {
    entries.delete(name); // a backend that was down may be up at the next try
    throw error;
  }
}

/**
 * Commits every session of the request, in the order in which they were first asked for; once each, however often it is called.
 *
 * @returns undefined when the request asked for none. A plain result when no session needs I/O.
 */
export function commitRequest(request: object): MaybePromise<CookieChanges> | undefined {
  const entries = [...(requests.get(request)?.values() ?? [])].flatMap((sessions) => [...sessions.values()]);
  if (entries.length === 0) return undefined;
  const commits = entries.map(commitEntry);
  const ready = commits.flatMap((commit) => (commit instanceof Promise ? [] : [commit]));
  return ready.length === commits.length ? joinChanges(ready) : Promise.all(commits).then(joinChanges);
}

function commitEntry(entry: Entry): MaybePromise<CookieChanges> {
  entry.committed ??= entry.carried?.commit() ?? entry.pending.then((carried) => carried.commit());
  return entry.committed;
}

function joinChanges(changes: readonly CookieChanges[]): CookieChanges {
  return { lines: changes.flatMap(({ lines }) => lines), names: changes.flatMap(({ names }) => names) };
}

function getOrMake<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
