/** The result of `explain`, which a page, a terminal or a log shows. Only data, no functions. */

import type { KeyInput, SealErrorCode, TypeRegistry } from '@sealring/codec';

/** A half-open range: includes `from`, excludes `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The checks, in the order in which they are made. After the first that fails, no other is made. */
export type CheckId = 'structure' | 'version' | 'key' | 'integrity' | 'name' | 'age' | 'payload';

/** How a check ended. Checks after a failed one are `not reached`. */
export type CheckState = 'passed' | 'failed' | 'not reached';

/** One check of a token: what was found, and what to try if the check failed. */
export interface Check {
  readonly id: CheckId;
  /** For people, for example `Known key`. */
  readonly title: string;
  readonly state: CheckState;
  /** What was found, for people: `key id dbc0e2, which is key 2`. Empty if the check was not reached. */
  readonly found: string;
  /** If the check failed: the likely cause. */
  readonly cause: string | undefined;
  /** If the check failed: what to try. */
  readonly hint: string | undefined;
  /** If the check failed: the code with which the codec rejects the token. */
  readonly code: SealErrorCode | undefined;
  /** The bytes of the token that this check is about, or `undefined` if there are none. */
  readonly range: Range | undefined;
  /** The characters that make the token invalid base64url, or `undefined` if it is valid. */
  readonly characters: Range | undefined;
}

/** One field of the token. FORMAT.md §2. */
export interface Segment {
  readonly name: 'lead' | 'key-id' | 'issued-at' | 'random' | 'ciphertext' | 'payload' | 'tag' | 'mac';
  readonly label: string;
  /** The place in the bytes of the token. */
  readonly bytes: Range;
  /** The place in the characters of the token: those whose first bit is in these bytes. */
  readonly characters: Range;
  /** What the bytes mean, as far as they can be read without a key. */
  readonly says: string;
}

/** One cookie in the pasted text. A value that was split over several cookies is one. */
export interface PastedCookie {
  /** Empty if only a value was pasted. */
  readonly name: string;
  /** The value, decoded and joined. */
  readonly value: string;
  /** Over how many cookies the value was split. 1 if it was not split. */
  readonly chunks: number;
  /** The names of those cookies that are missing or have the wrong length. */
  readonly missing: readonly string[];
  /** The attributes of a Set-Cookie line: lower-case names, and '' for attributes without a value. */
  readonly attributes: ReadonlyMap<string, string> | undefined;
  /** The total bytes of name and value, of all chunks. */
  readonly size: number;
  /** The format that the value looks like. */
  readonly format: FormatMatch | undefined;
}

/** The format that a value looks like. No key is needed to recognise it. */
export interface FormatMatch {
  /** `sealring` */
  readonly id: string;
  /** `Sealring token, version 1, sealed` */
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** A session in a cookie of the package `sealring`. All times are in seconds since the epoch. */
export type SessionView =
  | {
      readonly kind: 'session';
      readonly createdAt: number;
      /** Seconds. `null`: until the browser closes. `undefined`: the max age of the store. */
      readonly maxAge: number | null | undefined;
      /** The same as `session.id`. */
      readonly id: string;
      /** The session's first id, which stays the same when the session gets another id. Equal to `id` until then. */
      readonly family: string;
      readonly subject: string | undefined;
      /** When the subject logged in. */
      readonly authenticatedAt: number | undefined;
      /** The subject's number at the login. `revokeAll` revokes the session by it. */
      readonly stamp: number | undefined;
      /** An object, or a Map if one of the keys is not a string. */
      readonly values: object;
      /** The flash messages, by the name of their bag. */
      readonly flashes: ReadonlyMap<string, readonly unknown[]>;
    }
  /** The cookie of a server store. It holds only a random secret, which opens the record on the server. */
  | { readonly kind: 'id' };

/** The contents of a token that could be decoded, and what opened it. */
export interface OpenedToken {
  readonly value: unknown;
  /** The CBOR that was sealed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly issuedAt: number;
  readonly keyId: string;
  /** The index in `secrets` of the key that opened the token. */
  readonly key: number;
  readonly stale: boolean;
  /** The purpose under which the token opened, for example `sealring:cookie:login`. */
  readonly purpose: string;
  /** The context with which the token opened, for example `tenant:a.example`. */
  readonly context: string | Uint8Array | undefined;
  readonly session: SessionView | undefined;
}

/** Options of `explain`: keys, names and limits. */
export interface ExplainOptions {
  /** Keys as for `createSealer`. Each is tried for sealed and for signed tokens. A malformed secret throws: use `readSecret` for secrets that people type. */
  readonly secrets?: readonly KeyInput[];
  /** The name of the cookie with its prefix. Sets the purpose to `sealring:cookie:<name>`. Default: the name in the input. */
  readonly name?: string;
  /** The purpose of a token that is not a cookie of the package `sealring`. Replaces `name`. */
  readonly purpose?: string;
  /** The context of the token. Default: made from `tenant` and the number of the cookie's chunks. */
  readonly context?: string | Uint8Array;
  /** The tenant of the session, which the option `context` of its definition returns. Default: none, or a host in the input. */
  readonly tenant?: string;
  /** Seconds since the epoch. Default: the current time. */
  readonly now?: number;
  /**
   * Seconds for which a token is valid, from its issue time. For a session without its own max age: seconds from its creation.
   * Default: no limit for a token, 30 days for a session.
   */
  readonly maxAge?: number;
  readonly types?: TypeRegistry;
  readonly dictionary?: readonly string[];
  /** The index of the cookie to explain. Default: the first that looks like a token. */
  readonly cookie?: number;
}

/** Whether the token opens, in words. */
export interface Verdict {
  /** `refused`: the token is rejected; `waiting`: a key or a name is missing; `unknown`: this does not look like a token. */
  readonly state: 'opens' | 'refused' | 'waiting' | 'unknown';
  /** One sentence: `It opens.`, `Genuine, but expired 4 minutes ago.` */
  readonly headline: string;
  /** More sentences: first facts, then the likely cause, then what to try. */
  readonly details: readonly string[];
}

/** Everything about the pasted text: the cookies in it, and the parts, checks and contents of one of them. */
export interface Explanation {
  /** All cookies in the input. Empty only if the input is empty or too long. */
  readonly cookies: readonly PastedCookie[];
  /** The index of the explained cookie. -1 if there is none. */
  readonly chosen: number;
  /** For people: how the cookies were found in the input. Empty if the input is the cookie itself. */
  readonly note: string;
  readonly format: FormatMatch | undefined;
  readonly mode: 'sealed' | 'signed' | undefined;
  /** The bytes of the token, or `undefined` if it is not base64url. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly segments: readonly Segment[];
  /** Empty if there is nothing to check: the input is empty, too long, or a key instead of a cookie. */
  readonly checks: readonly Check[];
  readonly verdict: Verdict;
  /** The key id in the token: 6 hexadecimal digits. */
  readonly keyId: string | undefined;
  readonly issuedAt: number | undefined;
  /** The authentic payload, even if a check after `name` fails. `undefined` if `name` or an earlier check fails. */
  readonly payload: Uint8Array<ArrayBuffer> | undefined;
  /** The payload of a signed token, which anyone can read. It is authentic only if `payload` is also set. */
  readonly unverified: Uint8Array<ArrayBuffer> | undefined;
  /** The value, if it could be decoded. Also set for an expired token, whose `verdict.state` is `refused`. */
  readonly opened: OpenedToken | undefined;
}

/** One CBOR data item, with the items in it. RFC 8949. */
export interface AnnotatedItem {
  /** Head and content. */
  readonly bytes: Range;
  /** The head: initial byte and argument. */
  readonly head: Range;
  readonly major: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** `unsigned(7)`, `text(4)`, `map(2)`, `tag(1)`, `float64`… as in RFC 8949 Appendix A's tables. */
  readonly label: string;
  /** The value that it means: `Date 2026-01-01T00:00:00Z`, `"team"`, `instance of Person`. Empty if the label already says it. */
  readonly meaning: string;
  /** Its role in its parent: a key, a value, an element, or the content of a tag. */
  readonly role: 'root' | 'key' | 'value' | 'element' | 'content';
  readonly children: readonly AnnotatedItem[];
}

/** The items of a payload, as a tree. */
export interface Annotation {
  readonly root: AnnotatedItem | undefined;
  /** Where the bytes stop being a valid payload: the offset, and what is wrong there. */
  readonly fault: { readonly at: number; readonly message: string } | undefined;
}
