/** What sessions promise, however requests overlap -> the first promise that a run has broken. The model and the real code are held to the same. */
import type { Endable, Ends } from './ends.ts';

/** What became of a request. */
export type Outcome =
  | 'running'
  | 'crashed'
  | 'unchanged'
  | 'created'
  | 'saved'
  | 'renewed'
  | 'ended'
  | 'gone'
  | 'unknown'
  | 'failed';

/** A request, and what it has been told. */
export interface Told {
  readonly name: string;
  /** The session of before that it came with. */
  readonly cookie: 'a' | 'b' | undefined;
  /** Whose browser has sent it: that of the visitor of session `a`, or another. */
  readonly browser: 'v' | 'w' | 'x';
  /** The cookie that it came with. */
  readonly header: string | undefined;
  readonly outcome: Outcome;
  readonly error?: unknown;
  /** What was found behind its cookie; `undefined` too after a `revokeAll` of its own that has ended it. */
  readonly found: 'live' | 'moved' | undefined;
  readonly family: string | undefined;
  /** As loaded. */
  readonly subject: string | undefined;
  readonly login: string | undefined;
  readonly hasLoggedIn: boolean;
  readonly hasWritten: boolean;
  readonly isMoving: boolean;
  /** Whether its `revokeAll` has spared it. */
  readonly isExcepted: boolean;
  /** Whether its own `revokeAll` has ended its session. */
  readonly isDead: boolean;
  /** Flash messages that it has shown. */
  readonly shown?: readonly unknown[];
  /** Whether nothing has hindered it from removing them. */
  readonly hasRemoved?: boolean;
  /** The cookie that its answer has set. */
  readonly cookieSet: string | undefined;
  /** The id to which it has turned its old session into a pointer. */
  readonly pointedTo: string | undefined;
}

/** What opens behind a cookie. */
export interface Opened extends Endable {
  /** Which requests have written to it. */
  readonly log: readonly string[];
  readonly flashes?: readonly unknown[];
}

/** One run, so far. */
export interface Run {
  readonly subject: string;
  readonly isAnonymous: boolean;
  /** Whether a backend has the contents: then no update is lost. */
  readonly isServer: boolean;
  readonly ends: Ends;
  readonly requests: readonly Told[];
  /** The cookies that anybody has ever had: first those of the sessions `a` and `b`. */
  readonly held: readonly string[];
  /** What the visitor's browser has now. */
  readonly present: string | undefined;
  /** Whether a backend has a live session under this id. */
  isStanding(id: string): boolean;
}

/** What opens, by cookie. */
export type Openings = ReadonlyMap<string, Opened | undefined>;

const SAVED: readonly Outcome[] = ['created', 'saved', 'renewed'];

/** At any moment: what somebody was told has ended does not open. */
export function brokenNow({ ends, held, requests }: Run, openings: Openings): string | undefined {
  for (const [at, cookie] of held.entries()) {
    const opened = openings.get(cookie);
    if (opened === undefined || !ends.mustHaveEnded(opened)) continue;
    const of = requests.find(({ cookieSet }) => cookieSet === cookie)?.name;
    return `ended, and ${at < 2 ? `cookie ${at === 0 ? 'a' : 'b'}` : `the cookie of ${of}`} opens`;
  }
  return undefined;
}

/** When all requests are done. */
export function brokenInTheEnd(run: Run, openings: Openings): string | undefined {
  const tip = run.present === undefined ? undefined : openings.get(run.present);
  for (const request of run.requests) {
    if (request.outcome === 'crashed') continue;
    const broken =
      brokenAnswer(run, request) ??
      brokenMove(request, openings) ??
      brokenCookie(run, request, openings) ??
      (run.isServer ? (brokenWrite(run, request, tip) ?? brokenMessage(run, request, tip)) : undefined);
    if (broken !== undefined) return `${request.name}: ${broken}`;
  }
  for (const one of openings.values()) {
    if (hasTwice(one?.log) || hasTwice(one?.flashes)) return 'something was done twice';
  }
  return lostVisitor(run, tip);
}

/** What a request is told has to have a reason. */
function brokenAnswer({ ends, requests, subject }: Run, request: Told): string | undefined {
  const { outcome, found, cookie, hasLoggedIn, family, login } = request;
  const others = requests.filter((one) => one !== request);
  if (outcome === 'failed') return `it failed with ${String(request.error)}`;
  if (outcome === 'unknown' && others.length === 0) return 'it does not know what it has done, and it was the only one';
  if (outcome === 'unknown' && !request.hasWritten)
    return 'it does not know whether it is saved, and had nothing to save';
  if (outcome !== 'gone' || found === 'moved' || request.isDead) return undefined;
  const before = found === undefined ? undefined : { family, subject: request.subject, login: cookie && 'L0' };
  const after = hasLoggedIn ? { family, subject, login } : undefined;
  const mayHaveEnded = [before, after].some((one) => one !== undefined && ends.mayHaveEnded(one));
  const hasMoved = cookie !== undefined && others.some(({ pointedTo }) => pointedTo !== undefined);
  return hasMoved || mayHaveEnded ? undefined : 'it was told that the session is gone, and it is not';
}

/** After a move the old id opens nothing. */
function brokenMove(request: Told, openings: Openings): string | undefined {
  const { outcome, cookieSet, isMoving, isExcepted, header, found } = request;
  const isOpen = header !== undefined && openings.get(header) !== undefined;
  if (!isOpen) return undefined;
  const isDone = SAVED.includes(outcome) || outcome === 'unchanged';
  if (isDone && isExcepted && found === 'live') return 'an old copy of the excepted cookie opens';
  return SAVED.includes(outcome) && cookieSet !== undefined && isMoving ? 'the id of before the move opens' : undefined;
}

/** A cookie that was set opens, until somebody ends its session. */
function brokenCookie({ ends, requests, subject }: Run, request: Told, openings: Openings): string | undefined {
  const { outcome, cookieSet, hasLoggedIn, family, login } = request;
  if (SAVED.includes(outcome) && hasLoggedIn && cookieSet === undefined) return 'the login is saved, and no cookie set';
  if (outcome === 'gone' && cookieSet !== undefined) return 'the session is gone, and a cookie set';
  if (cookieSet === undefined || openings.get(cookieSet) !== undefined) return undefined;
  const given = { family, subject: hasLoggedIn ? subject : request.subject, login };
  // In a cookie store a write sets the cookie too, and while keys rotate a renewal does, and the session may have moved since.
  const others = requests.filter((one) => one !== request && one.cookie === request.cookie);
  const isSame = !request.isMoving && outcome !== 'created';
  const hasMoved = isSame && others.some(({ pointedTo }) => pointedTo !== undefined);
  return ends.mayHaveEnded(given) || hasMoved ? undefined : 'the cookie that it set opens nothing';
}

/** An acknowledged write to a session that lives is not lost. */
function brokenWrite(
  { requests }: Run,
  { outcome, hasWritten, family, name }: Told,
  tip: Opened | undefined,
): string | undefined {
  if (!SAVED.includes(outcome) || !hasWritten || tip?.family !== 'fa' || family !== 'fa') return undefined;
  const isShown = requests.some(({ shown }) => shown?.includes(name));
  const isThere = tip.log.includes(name) && (isShown || tip.flashes?.includes(name) !== false);
  return isThere ? undefined : 'an acknowledged write is lost';
}

/** A message that was shown does not come again, unless its session was moved by somebody else meanwhile. */
function brokenMessage({ requests }: Run, request: Told, tip: Opened | undefined): string | undefined {
  const { shown = [], hasRemoved } = request;
  const hasMoved = requests.some((one) => one !== request && one.pointedTo !== undefined);
  if (hasRemoved !== true || hasMoved) return undefined;
  return shown.some((message) => tip?.flashes?.includes(message)) ? 'a message that was shown comes again' : undefined;
}

/** The visitor's browser has a cookie that opens, until somebody ends the session. */
function lostVisitor(run: Run, tip: Opened | undefined): string | undefined {
  const { ends, subject, requests, isAnonymous, isServer } = run;
  if (tip?.family === 'fa') return undefined;
  if (ends.mayHaveEnded({ family: 'fa', subject: isAnonymous ? undefined : subject, login: 'L0' })) return undefined;
  const own = requests.filter(({ browser }) => browser === 'v');
  if (own.some(({ isDead }) => isDead)) return undefined;
  const hasLoggedIn = own.some((one) => one.hasLoggedIn);
  if (hasLoggedIn && ends.mayHaveEnded({ family: 'fa', subject, login: undefined })) return undefined;
  // A crash between the pointer and the answer: no protocol can help.
  const isInWindow = requests.some(
    ({ outcome, pointedTo }) =>
      outcome === 'crashed' && pointedTo !== undefined && (!isServer || run.isStanding(pointedTo)),
  );
  return isInWindow ? undefined : 'the visitor has lost the session';
}

function hasTwice(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && new Set(list).size < list.length;
}
