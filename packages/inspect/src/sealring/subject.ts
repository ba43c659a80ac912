/** The input and the findings of one explanation, which the checks and the verdict share. */

import type { SealErrorCode } from '@sealring/codec';
import type { FormatMatch, PastedCookie, Range, SessionView } from '../explanation.ts';
import type { Settings } from '../options.ts';
import type { Content, Opening } from './attempt.ts';
import type { Binding } from './bindings.ts';
import type { Parts } from './parts.ts';

export interface Subject {
  readonly cookie: PastedCookie;
  /** All pasted cookies, including this one. */
  readonly cookies: readonly PastedCookie[];
  /** The tenants that the session may be bound to: the caller's, or the hosts in the text. */
  readonly tenants: readonly string[];
  readonly settings: Settings;
  readonly parts: Parts;
  /** `undefined` if the value does not look like a token. */
  readonly format: FormatMatch | undefined;
  /** The purpose and context that the token is presented with, or `undefined` if they are not known. */
  readonly presented: Binding | undefined;
}

/** What was found out about a token. */
export interface Findings {
  /** The indexes of the keys with the token's key id. */
  readonly candidates: readonly number[];
  /** What opened the token: `presented`, or a guess if that failed or is not known. */
  readonly opening: Opening | undefined;
  /** Whether the token opened with a guess, and not with `presented`. */
  readonly isMisnamed: boolean;
  /** The decoded payload, even if the token is expired. `undefined` if the token did not open or `isMisnamed`. */
  readonly content: Content | undefined;
  /** The session in the content, if there is one. */
  readonly session: SessionView | undefined;
}

/** The result of one check. `open`: the check cannot be made until the caller gives more. */
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
