/** The sessions of one request: the same object for the same store and name, however often and however concurrently it is asked for. */

import { MAX_COOKIE_AGE } from './attributes.ts';
import type { MaybePromise } from './backend.ts';
import type { Carried, Carrier, CookieChanges, GetOptions } from './carrier.ts';
import { checkDuration, checkOptions } from './options.ts';
import { cookieHeaderOf, type SessionRequest } from './request.ts';
import type { Session } from './session.ts';

/** A session that was asked for, and what its commit gave. */
interface Entry {
  readonly carrier: Carrier;
  readonly name: string;
  readonly options: GetOptions;
  readonly pending: Promise<Carried>;
  /** Set as soon as it is there: then no commit has to wait for it. */
  carried: Carried | undefined;
  committed: MaybePromise<Outcome> | undefined;
}

const GET_OPTIONS: readonly (keyof GetOptions)[] = ['maxAge', 'idleTimeout'];

// Keyed by the request itself: nothing to clear, nothing leaks.
const requests = new WeakMap<object, Entry[]>();

/**
 * @throws {TypeError} when the request has no headers, the name is no cookie name, an option is unknown, or the session was asked for
 *   with other options before.
 * @throws {RangeError} when an option is no number of seconds up to 400 days.
 */
export async function getSession(
  carrier: Carrier,
  request: SessionRequest,
  name: string,
  options: GetOptions = {},
): Promise<Session> {
  checkOptions('get()', options, GET_OPTIONS);
  checkDuration('maxAge', options.maxAge, MAX_COOKIE_AGE);
  checkDuration('idleTimeout', options.idleTimeout, MAX_COOKIE_AGE);
  const header = cookieHeaderOf(request);
  const entries = entriesOf(request);
  const known = entries.find((entry) => entry.carrier === carrier && entry.name === name);
  if (known !== undefined) {
    checkSameOptions(known, options);
    return (await known.pending).session;
  }
  const loading = carrier.load(name, header, options);
  const pending = Promise.resolve(loading);
  const carried = loading instanceof Promise ? undefined : loading;
  const entry: Entry = { carrier, name, options, pending, carried, committed: undefined };
  entries.push(entry);
  try {
    entry.carried ??= await pending;
    return entry.carried.session;
  } catch (error) {
    entries.splice(entries.indexOf(entry), 1); // a backend that was down may be up at the next try
    throw error;
  }
}

/**
 * Commits every session of the request, in the order in which they were first asked for; once each, however often it is called. What
 * could not be committed is tried again at the next call.
 *
 * @returns undefined when the request asked for none. A plain result when no session needs I/O.
 * @throws the first error, when all commits have ended; if there were several, with the others as `cause`.
 */
export function commitRequest(request: object): MaybePromise<CookieChanges> | undefined {
  const entries = requests.get(request);
  if (entries === undefined || entries.length === 0) return undefined;
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const outcome = commitEntry(only);
    return outcome instanceof Promise ? outcome.then(changesOf) : changesOf(outcome);
  }
  const outcomes = entries.map(commitEntry);
  const ready = outcomes.flatMap((outcome) => (outcome instanceof Promise ? [] : [outcome]));
  return ready.length === outcomes.length ? joinOutcomes(ready) : Promise.all(outcomes).then(joinOutcomes);
}

/** Commits the sessions that were destroyed, and no others: of a request that failed. Never throws: its own error is to be heard of. */
export async function commitLogouts(request: object): Promise<void> {
  const entries = requests.get(request) ?? [];
  await Promise.all(entries.filter(({ carried }) => carried?.session.isDestroyed).map(commitEntry));
}

type Outcome = { readonly changes: CookieChanges } | { readonly error: unknown };

/** Never throws or rejects: one session that fails must not leave another's promise without anyone to look at it. */
function commitEntry(entry: Entry): MaybePromise<Outcome> {
  if (entry.committed !== undefined) return entry.committed;
  const outcome = start(entry);
  if (outcome instanceof Promise || 'changes' in outcome) entry.committed = outcome;
  return outcome;
}

function start(entry: Entry): MaybePromise<Outcome> {
  const succeed = (changes: CookieChanges): Outcome => ({ changes });
  try {
    const changes = entry.carried?.commit() ?? entry.pending.then((carried) => carried.commit());
    if (!(changes instanceof Promise)) return succeed(changes);
    return changes.then(succeed).catch((error: unknown) => {
      entry.committed = undefined; // to be tried again
      return { error };
    });
  } catch (error) {
    return { error };
  }
}

function changesOf(outcome: Outcome): CookieChanges {
  if ('error' in outcome) throw outcome.error;
  return outcome.changes;
}

function joinOutcomes(outcomes: readonly Outcome[]): CookieChanges {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  if (errors.length > 1) throw withOthers(errors);
  if (errors.length === 1) throw errors[0];
  const all = outcomes.flatMap((outcome) => ('changes' in outcome ? [outcome.changes] : []));
  const writing = all.filter(({ lines }) => lines.length > 0);
  for (const [at, { names }] of writing.entries()) {
    const taken = names.find((name) => writing.slice(0, at).some((earlier) => earlier.names.includes(name)));
    if (taken !== undefined)
      throw new TypeError(`Two stores write the cookie "${taken}": give one session another name`);
  }
  return { lines: all.flatMap(({ lines }) => lines), names: all.flatMap(({ names }) => names) };
}

/** It is one session: options that come too late would be ignored. Without any, one takes it as it is. */
function checkSameOptions({ name, options: first }: Entry, options: GetOptions): void {
  for (const option of GET_OPTIONS) {
    if (!(option in options) || (option in first && options[option] === first[option])) continue;
    throw new TypeError(
      `get() expected the same "${option}" for every call in a request, got ${options[option]} for session "${name}" after ${first[option]}`,
    );
  }
}

function withOthers([first, ...others]: readonly unknown[]): unknown {
  if (first instanceof Error)
    first.cause ??= new AggregateError(others, 'Other sessions of the request could not be saved either');
  return first;
}

function entriesOf(request: object): Entry[] {
  let entries = requests.get(request);
  if (entries === undefined) {
    entries = [];
    requests.set(request, entries);
  }
  return entries;
}
