/** What sessions promise, however requests overlap -> the first promise that a run has broken. */

import type { Visitor } from './visitor.ts';
import type { Opened, World } from './world.ts';

const SAVED = ['created', 'saved', 'renewed'];

/** At any moment: what somebody was told has ended does not open. */
export async function brokenNow(world: World): Promise<string | undefined> {
  for (const header of world.held) {
    const opened = await world.open(header);
    if (opened !== undefined && world.ends.mustHaveEnded(opened))
      return `ended, and cookie ${nameOf(world, header)} opens`;
  }
  return undefined;
}

/** When all requests are done. */
export async function brokenInTheEnd(world: World): Promise<string | undefined> {
  if (world.turnstile.isStuck) return 'requests wait for each other';
  if (world.turnstile.error !== undefined) return `a request threw ${String(world.turnstile.error)}`;
  const opened = new Map<string, Opened | undefined>();
  for (const header of world.held) opened.set(header, await world.open(header));
  const tip = opened.get(world.jar.get('v') ?? '');
  for (const visitor of world.visitors) {
    if (visitor.actor.isCrashed) continue;
    const broken =
      brokenAnswer(world, visitor) ??
      brokenMove(world, visitor, opened) ??
      brokenCookie(world, visitor, opened) ??
      (world.scenario.kind.isServer ? brokenWrite(visitor, tip) : undefined);
    if (broken !== undefined) return `${visitor.actor.name}: ${broken}`;
  }
  for (const one of opened.values()) {
    if (hasTwice(one?.log) || hasTwice(one?.flashes)) return 'something was done twice';
  }
  return lostVisitor(world, tip);
}

/** What a request is told has to have a reason. */
function brokenAnswer(world: World, visitor: Visitor) {
  const { outcome, error, plan, actor, found, family, subject, login, hasLoggedIn, isDead } = visitor;
  const others = world.visitors.filter((one) => one.actor !== actor);
  if (outcome === 'failed') return `it failed with ${String(error)}`;
  if (outcome === 'unknown' && others.length === 0) return 'it does not know what it has done, and it was the only one';
  if (outcome !== 'gone' || found === 'moved') return undefined;
  const before = found === undefined ? undefined : { family, subject, login: plan.cookie && 'L0' };
  const after = hasLoggedIn ? { family, subject: world.subject, login } : undefined;
  const hasMoved = plan.cookie !== undefined && others.some((one) => world.pointed(one) !== undefined);
  const mayHaveEnded = [before, after].some((one) => one !== undefined && world.ends.mayHaveEnded(one));
  return hasMoved || mayHaveEnded || isDead ? undefined : 'it was told that the session is gone, and it is not';
}

/** After a move the old id opens nothing. */
function brokenMove(_: World, visitor: Visitor, opened: ReadonlyMap<string, Opened | undefined>) {
  const { outcome, cookieSet, isMoving, isExcepted, header, found } = visitor;
  const isOpen = header !== undefined && opened.get(header) !== undefined;
  if (SAVED.includes(outcome) && cookieSet !== undefined && isMoving && isOpen)
    return 'the id of before the move opens';
  const isDone = SAVED.includes(outcome) || outcome === 'unchanged';
  return isDone && isExcepted && found === 'live' && isOpen ? 'an old copy of the excepted cookie opens' : undefined;
}

/** A cookie that was set opens, until somebody ends its session. */
function brokenCookie(world: World, visitor: Visitor, opened: ReadonlyMap<string, Opened | undefined>) {
  const { outcome, cookieSet, hasLoggedIn, family, subject, login } = visitor;
  if (SAVED.includes(outcome) && hasLoggedIn && cookieSet === undefined) return 'a login is saved, and no cookie set';
  if (outcome === 'gone' && cookieSet !== undefined) return 'the session is gone, and a cookie set';
  if (cookieSet === undefined || opened.get(cookieSet) !== undefined) return undefined;
  const given = { family, subject: hasLoggedIn ? world.subject : subject, login };
  // The cookie of a cookie store has the contents, so a write sets it too, and the session may have moved since.
  const others = world.visitors.filter((one) => one !== visitor && one.plan.cookie === visitor.plan.cookie);
  const hasMoved = !world.scenario.kind.isServer && !visitor.isMoving && others.some((one) => world.pointed(one));
  return world.ends.mayHaveEnded(given) || hasMoved ? undefined : 'the cookie that it set opens nothing';
}

/** An acknowledged write of a session that lives is not lost. */
function brokenWrite({ outcome, hasWritten, family, plan, actor }: Visitor, tip: Opened | undefined) {
  if (!SAVED.includes(outcome) || !hasWritten || !plan.acts.includes('write')) return undefined;
  if (tip?.family !== 'fa' || family !== 'fa') return undefined;
  const isThere = tip.log.includes(actor.name) && tip.flashes.includes(actor.name);
  return isThere ? undefined : 'an acknowledged write is lost';
}

/** The visitor's browser has a cookie that opens, until somebody ends the session. */
function lostVisitor(world: World, tip: Opened | undefined): string | undefined {
  const { ends, scenario, subject, visitors } = world;
  if (tip?.family === 'fa') return undefined;
  const before = { family: 'fa', subject: scenario.isAnonymous ? undefined : subject, login: 'L0' };
  const own = visitors.filter(({ browser }) => browser === 'v');
  if (ends.mayHaveEnded(before) || own.some(({ isDead }) => isDead)) return undefined;
  if (own.some(({ hasLoggedIn }) => hasLoggedIn) && ends.mayHaveEnded({ family: 'fa', subject, login: undefined }))
    return undefined;
  // A crash between the pointer and the answer: no protocol can help.
  const isInWindow = visitors.some((one) => {
    const to = world.pointed(one);
    return one.actor.isCrashed && to !== undefined && (!scenario.kind.isServer || world.isStanding(to));
  });
  return isInWindow ? undefined : 'the visitor has lost the session';
}

function hasTwice(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && new Set(list).size < list.length;
}

function nameOf(world: World, header: string): string {
  const at = world.held.indexOf(header);
  if (at < 2) return at === 0 ? 'a' : 'b';
  return `of ${world.visitors.find(({ cookieSet }) => cookieSet === header)?.actor.name ?? 'nobody'}`;
}
