/** What happened to sessions, for logs and metrics: told once, after the fact. An event holds no id, subject, token, key name or value. */

import { checkFunction } from '../options.ts';
import type { Rejection } from '../session/session.ts';

/** What became of a session when it was committed. */
export type Outcome = 'unchanged' | 'created' | 'saved' | 'renewed' | 'ended' | 'gone' | 'failed';

/** What happened to a session. */
export type SessionEvent =
  /**
   * `conflict`: another request wrote first, and the changes were applied to what it wrote. `gone`: the session ended or moved meanwhile, so nothing was
   * written and no cookie set. `unsaved`: it was changed, and no save followed; or the response could take no cookie.
   */
  | {
      readonly type: 'created' | 'saved' | 'renewed' | 'ended' | 'conflict' | 'gone' | 'unsaved';
      readonly name: string;
    }
  | { readonly type: 'rejected'; readonly name: string; readonly reason: Rejection }
  /** Reported once per store: its backend cannot compare and set among all processes that use it, so updates may be lost and a logout undone. */
  | { readonly type: 'weak-cas'; readonly cas: 'process' | 'none' };

/** The two hooks of a store. */
export interface EventHooks {
  /** Is told why a presented cookie was rejected. Shorthand for `onEvent` with type `rejected`. */
  onReject?: (reason: Rejection) => void;
  onEvent?: (event: SessionEvent) => void;
}

export type Emit = (event: SessionEvent) => void;

/** @throws {TypeError} when a hook is not a function. */
export function createEmit({ onReject, onEvent }: EventHooks): Emit {
  checkFunction('onReject', onReject);
  checkFunction('onEvent', onEvent);
  return (event) => {
    // A hook that fails must not make a request fail, least of all because of what a visitor sent.
    try {
      onEvent?.(event);
      if (event.type === 'rejected') onReject?.(event.reason);
    } catch (error) {
      console.error(error);
    }
  };
}
