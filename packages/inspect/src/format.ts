/** What one cookie format gives the register: a look at a value's shape, and an explanation. */

import type { Explanation, FormatMatch, PastedCookie } from './explanation.ts';
import type { Settings } from './options.ts';

/** The part of an explanation that is the format's own. Its `format` may say more than the shape does, such as that a key fits. */
export type Explained = Omit<Explanation, 'cookies' | 'chosen' | 'note'>;

/** What was found in the text that was pasted. */
export interface Pasted {
  readonly cookies: readonly PastedCookie[];
  /** The hosts that the text names. */
  readonly hosts: readonly string[];
}

export interface Format {
  readonly id: string;
  /** By the shape alone, without any key. @returns undefined where too little speaks for it. */
  readonly match: (value: string) => FormatMatch | undefined;
  /** Total. @param match what `match` said of the cookie; undefined where no format claims it. */
  readonly explain: (
    cookie: PastedCookie,
    pasted: Pasted,
    settings: Settings,
    match: FormatMatch | undefined,
  ) => Explained;
}
