/** The options of `toExpressStore()` -> the same, checked, with their defaults. */

import type { KeyInput } from '@sealring/codec';
import { type KeyOptions, readKeys } from '../../keys.ts';
import { checkBoolean, checkDuration, checkFunction, checkOptions, describe } from '../../options.ts';
import { MAX_COOKIE_AGE } from '../../session/lifetime.ts';
import type { Rejection } from '../../session/session.ts';
import { type Clock, readClock } from '../kit/clock.ts';

/** What happened to a session, for logs and metrics. Holds no id, key or value. */
export type ExpressStoreEvent =
  /** A save met another request's and was merged with it; or wrote nothing, because the session has been destroyed or has expired. */
  | { readonly type: 'conflict' | 'gone' }
  /** A record could not be opened and counts as absent. */
  | { readonly type: 'rejected'; readonly reason: Rejection }
  /** A call without a callback failed, so that perhaps nobody hears of it: a logout with `session.destroy()`, for example. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** Reported once, when the store is made: its backend cannot compare and set for every process that uses it, so updates may be lost. */
  | { readonly type: 'weak-cas'; readonly cas: 'process' | 'none' };

/** Options of `toExpressStore()`. */
export interface ExpressStoreOptions {
  /** Keys made by `generateKey`, as in `serverStore()`: the first seals, all open, and a missing one throws at first use. */
  keys: KeyOptions;
  /**
   * Seconds that a session lives whose cookie lasts until the browser closes, or a function that returns them for a session. 0 or less ends the
   * session. Default 86,400.
   */
  ttl?: number | SessionTtl['of'];
  /** Whether `touch` does nothing, so that only a save moves the end of a session. Default false. */
  disableTouch?: boolean;
  /**
   * Whether `all` and `ids` work. Each record then also holds the session's id, sealed with `keys`: whoever has the database and the keys can
   * read every session and continue it. Without it, whoever has both opens nothing. A record from before is listed once it was saved again.
   * Default false.
   */
  listable?: boolean;
  /** Returns seconds since the epoch. Default: the machine's clock. */
  now?: () => number;
  /** Default: an error of type `failed` is printed with `console.error`, and nothing else is reported. */
  onEvent?: (event: ExpressStoreEvent) => void;
}

/** A method, not a function type: so TypeScript also accepts a function that wants express-session's `SessionData`. */
interface SessionTtl {
  of(session: object): number;
}

export interface StoreSettings {
  readonly keys: () => readonly KeyInput[];
  readonly ttlOf: SessionTtl['of'];
  readonly disableTouch: boolean;
  readonly listable: boolean;
  readonly now: Clock;
  readonly emit: (event: ExpressStoreEvent) => void;
}

const OPTIONS: readonly string[] = ['keys', 'ttl', 'disableTouch', 'listable', 'now', 'onEvent', 'Store'];
const DEFAULT_TTL = 86_400;

/** @throws {TypeError | RangeError} naming the option that is wrong. */
export function readStoreOptions(options: ExpressStoreOptions): StoreSettings {
  const given = checkOptions('toExpressStore()', options, OPTIONS);
  const { keys, onEvent, disableTouch = false, listable = false } = given;
  checkBoolean('disableTouch', disableTouch);
  checkBoolean('listable', listable);
  checkFunction('onEvent', onEvent);
  const emit = (event: ExpressStoreEvent) => emitTo(onEvent, event);
  return {
    keys: readKeys(keys),
    ttlOf: readTtl(given.ttl),
    disableTouch,
    listable,
    now: readClock(given.now),
    emit,
  };
}

function readTtl(ttl: ExpressStoreOptions['ttl']): SessionTtl['of'] {
  if (typeof ttl !== 'function') {
    const seconds = checkDuration('ttl', ttl, MAX_COOKIE_AGE) ?? DEFAULT_TTL;
    return () => seconds;
  }
  return (session) => {
    const seconds: unknown = ttl(session);
    if (typeof seconds === 'number' && !Number.isNaN(seconds)) return seconds;
    throw new TypeError(`"ttl" expected a function that returns seconds, got one that returns ${describe(seconds)}`);
  };
}

/** A hook that fails must not make a request fail. */
function emitTo(onEvent: ExpressStoreOptions['onEvent'], event: ExpressStoreEvent): void {
  try {
    if (onEvent !== undefined) onEvent(event);
    else if (event.type === 'failed') console.error(event.error);
  } catch (error) {
    console.error(error);
  }
}
