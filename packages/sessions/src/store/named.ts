/** What is decided once for all sessions of one name: its cookie, its lifetime, its place, and what a definition adds. */

import type { Sealer } from '@sealring/codec';
import type { RawRecord } from '@sealring/wire';
import type { Attributes } from '../cookie/attributes.ts';
import type { Draft } from '../session/draft.ts';
import type { Kind } from '../session/keeper.ts';
import type { Lifetime } from '../session/lifetime.ts';
import type { Emit } from './events.ts';
import type { Place } from './place.ts';
import type { Step } from './steps.ts';

export interface Named extends Kind {
  /** Tells the sessions of one store from those of another. */
  readonly store: object;
  readonly cookieName: string;
  readonly attributes: Attributes;
  readonly place: Place;
  /** For what the session holds. */
  readonly sealer: () => Sealer;
  readonly emit: Emit;
  /** The lifetime that counts for a record: its own where it has one. */
  lifetimeOf(record: RawRecord): Lifetime;
  /** The number of a subject, with which a login counts. */
  stampOf(subject: string): Step<number>;
  /** What the session is bound to. @throws {TypeError} if the definition's `context` does not return a string. */
  tenantOf(request: unknown): string | undefined;
  /** Validates what was found, before anybody gets it. */
  prepare(draft: Draft): void;
  /** @throws {TypeError} if a value that is about to be written does not fit the schema. */
  checkValues(draft: Draft): void;
}
