/** A session as the store knows it: all that a draft begins with, and what the store does for it while the handler runs. */

import type { RawRecord } from '@sealring/wire';
import type { Taken } from './changes.ts';
import type { ValueCodec } from './lent.ts';
import type { Lifetime } from './lifetime.ts';
import type { Rejection, SessionOptions } from './session.ts';

/** The attributes that do not decide which cookie it is. */
export type Choices = Omit<SessionOptions, 'maxAge'>;

/** What is decided once for all sessions of a name. */
export interface Kind {
  readonly name: string;
  /** What the store or the definition says. */
  readonly lifetime: Lifetime;
  /** Of its cookie. */
  readonly attributes: Choices & { readonly secure: boolean };
  readonly codec: ValueCodec;
  readonly now: () => number;
  /** Is told once nobody has the session any more and a change of it was lost. */
  readonly onLoss: () => void;
}

/** What the store has found for one name, and what it does for the session while the handler runs. */
export interface Keeper {
  readonly named: Kind;
  /** As it was found, or an empty one that begins now. The draft takes over its values and messages. */
  readonly record: RawRecord;
  /** Whether there was no session that could be opened. */
  readonly isNew: boolean;
  /** When a request last wrote or renewed it. */
  readonly seenAt: number;
  /** Whether nobody may be looking at the answer to this request. */
  readonly isPrefetch: boolean;
  readonly finding: { readonly rejected: Rejection | undefined };
  /** The present id, or a new one. */
  idOf(isNew: boolean): string;
  /** Asks for the subject's number, with which a login counts. */
  stampOf(subject: string): Promise<number>;
  /** Removes messages although the session takes no more changes. Returns false if that is too late for, so that they must not be shown. */
  takeLate(taken: Taken): boolean;
}

/** A login of this request. */
export interface Login {
  readonly subject: string;
  readonly stamp: number;
  readonly at: number;
}
