/** What is in the fields -> a token with its size, or what is wrong and where. The codec's own sealer makes it. */
import { createSealer, type Mode, SealError, type Sealer, type Secret, type TypeRegistry } from '@sealring/codec';
import { encodeRecord, type SessionRecord } from '@sealring/wire';
import { type CookieSize, measureCookie } from '../size/size.ts';

export interface Draft {
  readonly secret: Secret;
  readonly mode: Mode;
  /** Not empty. */
  readonly purpose: string;
  readonly context: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly types: TypeRegistry;
  readonly dictionary: readonly string[];
  /** Of the cookie, for the size. */
  readonly name: string;
  readonly content: { readonly value: unknown } | { readonly session: SessionRecord };
}

export interface Sealed {
  readonly token: string;
  readonly size: CookieSize;
  /** The largest keys of the value, where a browser would drop the cookie: bytes as they are sealed. */
  readonly largest: readonly { readonly key: string; readonly bytes: number }[];
}

const SHOWN = 3;
const LONGEST_KEY = 64;

/** @returns a text where it cannot be sealed: the codec's words with its code. */
export function sealDraft(draft: Draft): Sealed | string {
  try {
    const { secret, mode, purpose, types, dictionary, content, now, context } = draft;
    const keys = [{ secret, encrypt: mode === 'sealed' }];
    const sealer = createSealer({ keys, purpose, reserved: true, types, dictionary });
    const value = 'session' in content ? encodeRecord(content.session) : content.value;
    const token = sealer.seal(value, { now, context });
    const size = measureCookie(draft.name, token);
    return { token, size, largest: size.isDropped ? largestKeys(sealer, content) : [] };
  } catch (error) {
    if (error instanceof SealError) return `${withoutRecord(error.message, draft)} (${error.code}).`;
    if (error instanceof TypeError || error instanceof RangeError) return `${error.message}.`; // a purpose, a dictionary
    throw error;
  }
}

/** The values are the second item of a session's record, the messages the fourth: `$[1].cart` there is `$.cart` to whoever typed it. */
const withoutRecord = (message: string, { content }: Draft) =>
  'session' in content ? message.replace(/^\$\[1\]/, '$').replace(/^\$\[3\]/, 'flash messages') : message;

function largestKeys(sealer: Sealer, content: Draft['content']): Sealed['largest'] {
  const held = 'session' in content ? content.session.contents.values : content.value;
  return entriesOf(held)
    .map(([key, value]) => ({ key: nameOf(key), bytes: sealer.encode(value).length }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, SHOWN);
}

function entriesOf(held: unknown): [unknown, unknown][] {
  if (held instanceof Map) return [...held];
  return typeof held === 'object' && held !== null && !ArrayBuffer.isView(held) ? Object.entries(held) : [];
}

const nameOf = (key: unknown) =>
  typeof key === 'object' ? 'a key that is an object' : String(key).slice(0, LONGEST_KEY);
