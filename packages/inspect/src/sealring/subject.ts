/** What one explanation is about, and what the checks find out on the way. */

import type { SealErrorCode } from '@sealring/codec';
import type { FormatMatch, PastedCookie, Range, SessionView } from '../explanation.ts';
import type { Settings } from '../options.ts';
import type { Content, Opening } from './attempt.ts';
import type { Binding } from './bindings.ts';
import type { Parts } from './parts.ts';

export interface Subject {
  readonly cookie: PastedCookie;
  /** All that was pasted, this one included. */
  readonly cookies: readonly PastedCookie[];
  /** That the session may be bound to: the caller's, or else the hosts in the text. */
  readonly tenants: readonly string[];
  readonly settings: Settings;
  readonly parts: Parts;
  /** Undefined where nothing but the paste says that this is a token. */
  readonly format: FormatMatch | undefined;
  /** What the token is presented for; undefined where nothing says so. */
  readonly presented: Binding | undefined;
}

/** How far a token got. */
export interface Findings {
  /** Positions of the keys with the token's id. */
  readonly candidates: readonly number[];
  /** Under `presented` or, where that failed or is not known, under a guess. */
  readonly opening: Opening | undefined;
  /** Whether it opened, but not for what it is presented for. */
  readonly isMisnamed: boolean;
  /** Of a token that is for what it is presented for, whatever its age. */
  readonly content: Content | undefined;
  /** In the content, if it is a session. */
  readonly session: SessionView | undefined;
}

/** What one check came to. `open`: it cannot be made before the caller gives more. */
export type Outcome =
  | { readonly state: 'passed'; readonly found: string; readonly range: Range | undefined }
  | { readonly state: 'open' }
  | Failure;

interface Failure {
  readonly state: 'failed';
  readonly found: string;
  readonly cause: string;
  readonly hint: string;
  readonly code: SealErrorCode;
  readonly range: Range | undefined;
  readonly characters?: Range;
}
