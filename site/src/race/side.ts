/** One way to keep sessions, as the race sees it: requests go in; what each did to the store comes out. */
import type { Pause } from './paused-request.ts';
import type { SessionRecord } from './whole-record.ts';

/**
 * What a request did. `read`, `write` and `end` reached the store; `conflict` is a write that was not done, because another request wrote
 * first; `give-up` is a request that found its session ended.
 */
export type Deed = 'read' | 'change' | 'write' | 'conflict' | 'read-newest' | 'write-again' | 'end' | 'give-up';

/** Told of every deed of the request whose turn it is. */
export type Witness = (deed: Deed) => void;

export interface Side {
  /** Makes the session that all requests share. */
  login(): Promise<void>;
  serve(index: number, pause: Pause): Promise<void>;
  /** What a request would find now; undefined where the session has ended. */
  look(): Promise<SessionRecord | undefined>;
}
