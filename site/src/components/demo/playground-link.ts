/** What a figure shows -> the address under which the playground shows the same. A key stands in it by its name alone. */
import { formatFragment } from '../../playground/fragment.ts';

export interface Shown {
  /** A token, or a line with cookies. */
  readonly token: string;
  /** The cookie's name with its prefix. */
  readonly name?: string | undefined;
  /** What the token is for, where it is no cookie. */
  readonly purpose?: string | undefined;
  readonly context?: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Seconds. */
  readonly maxAge?: number | undefined;
  /** The demo key to open it with. */
  readonly keyId: string;
}

export function playgroundLink({ token, name = '', purpose = '', context = '', now, maxAge, keyId }: Shown): string {
  const fields = { name, purpose, context, clock: now, maxAge };
  return `/playground/${formatFragment({ view: 'open', token, fields, keys: [keyId] })}`;
}
