/** What a test and its server processes say to each other. */

/** One request. `hold`: it says so and waits. */
export interface Order {
  readonly number: number;
  readonly cookie: string | undefined;
  readonly subject: string;
  readonly acts: readonly ('login' | 'regenerate' | 'logout' | 'revokeAll' | 'buy' | 'hold')[];
}

export interface Answer {
  readonly number: number;
  readonly isHeld: false;
  readonly outcome: string;
  /** What the request has found; `undefined`: a new session. */
  readonly found: { readonly subject?: string; readonly cart?: number } | undefined;
  /** The cookie that it sets. */
  readonly cookie?: string;
}

export type Report = Answer | { readonly number: number; readonly isHeld: true };
