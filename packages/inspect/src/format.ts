/** The interface of a cookie format: it recognises a value by its shape, and explains it. */

import type { Explanation, FormatMatch, PastedCookie } from './explanation.ts';
import type { Settings } from './options.ts';

/** The part of an explanation that the format makes. Its `format` can say more than the shape, such as that a key fits. */
export type Explained = Omit<Explanation, 'cookies' | 'chosen' | 'note'>;

/** What was found in the pasted text. */
export interface Pasted {
  readonly cookies: readonly PastedCookie[];
  /** The hosts that the text names. */
  readonly hosts: readonly string[];
}

export interface Format {
  readonly id: string;
  /** Recognises a value by its shape, without a key. @returns `undefined` if it is unlikely to be of this format. */
  readonly match: (value: string) => FormatMatch | undefined;
  /** Never throws. @param match the result of `match` for the cookie; `undefined` if no format matches. */
  readonly explain: (
    cookie: PastedCookie,
    pasted: Pasted,
    settings: Settings,
    match: FormatMatch | undefined,
  ) => Explained;
}
