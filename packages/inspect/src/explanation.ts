/** What `explain` comes back with: the shapes that a page, a terminal or a log shows. Data alone, no functions. */

import type { KeyInput, SealErrorCode, TypeRegistry } from '@sealring/codec';

/** Half-open: `from` belongs to it, `to` does not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The checks in the order in which they are made; the first that fails ends the attempt. */
export type CheckId = 'structure' | 'version' | 'key' | 'integrity' | 'name' | 'age' | 'payload';

/** How a check ended; those behind one that failed are not reached. */
export type CheckState = 'passed' | 'failed' | 'not reached';

/** One check of a token: what was looked at, what was found, and what to try if it failed. */
export interface Check {
  readonly id: CheckId;
  /** As people read it, e.g. `Known key`. */
  readonly title: string;
  readonly state: CheckState;
  /** What was looked at and found, in plain words: `key id dbc0e2, which is key 2`. Empty where not reached. */
  readonly found: string;
  /** With `failed`: the likely cause in plain words. */
  readonly cause: string | undefined;
  /** With `failed`: what to try. */
  readonly hint: string | undefined;
  /** With `failed`: the code that the codec ends with. */
  readonly code: SealErrorCode | undefined;
  /** Bytes of the token that this check is about; undefined where there are none. */
  readonly range: Range | undefined;
  /** The characters of the token's text that are at fault, where it is its spelling; undefined otherwise. */
  readonly characters: Range | undefined;
}

/** One field of the token. FORMAT.md §2. */
export interface Segment {
  readonly name: 'lead' | 'key-id' | 'issued-at' | 'random' | 'ciphertext' | 'payload' | 'tag' | 'mac';
  readonly label: string;
  /** In the token's bytes. */
  readonly bytes: Range;
  /** In the token's characters: those whose first bit lies in these bytes. */
  readonly characters: Range;
  /** What the bytes say, as far as they can be read without a key. */
  readonly says: string;
}

/** One cookie of what was pasted; a value that was split over several cookies is one. */
export interface PastedCookie {
  /** Empty where a value was pasted alone. */
  readonly name: string;
  /** Decoded, joined. */
  readonly value: string;
  /** Over how many cookies it was split: 1 means not at all. */
  readonly chunks: number;
  /** Of those, the cookies that are not there, or do not have the length that they must have; else empty. */
  readonly missing: readonly string[];
  /** As it came from a Set-Cookie line: lower-case attribute names, '' for those without a value. */
  readonly attributes: ReadonlyMap<string, string> | undefined;
  /** Bytes of name and value, all chunks together. */
  readonly size: number;
  /** What its shape says it is. */
  readonly format: FormatMatch | undefined;
}

/** Which format a value looks like, without any key. */
export interface FormatMatch {
  /** `sealring` */
  readonly id: string;
  /** `Sealring token, version 1, sealed` */
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** A session as the session layer keeps it in a cookie. All times are in seconds since the epoch. */
export type SessionView =
  | {
      readonly kind: 'session';
      readonly createdAt: number;
      /** Seconds; null: until the browser closes; undefined: what the store says. */
      readonly maxAge: number | null | undefined;
      /** As `session.id` has it. */
      readonly id: string;
      /** The id of the family: all ids that the session had and will have. It is `id` as long as the session has not moved to another. */
      readonly family: string;
      readonly subject: string | undefined;
      /** When the subject logged in. */
      readonly authenticatedAt: number | undefined;
      /** The subject's number at the login, by which `revokeAll` ends it. */
      readonly stamp: number | undefined;
      /** An object, or a Map if one of the keys is not a string. */
      readonly values: object;
      /** The messages by the name of their bag. */
      readonly flashes: ReadonlyMap<string, readonly unknown[]>;
    }
  /** The cookie of a server store: only a random id, which opens the record on the server. */
  | { readonly kind: 'id' };

/** What is in a token that could be decoded, and what opened it. */
export interface OpenedToken {
  readonly value: unknown;
  /** The CBOR that was sealed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly issuedAt: number;
  readonly keyId: string;
  /** Which of `secrets`, from 0. */
  readonly key: number;
  readonly stale: boolean;
  /** The purpose under which it opened, `sealring:cookie:login` for example. */
  readonly purpose: string;
  /** As for the purpose: `tenant:a.example` for example. */
  readonly context: string | Uint8Array | undefined;
  readonly session: SessionView | undefined;
}

/** What is known of the token: keys, names, and the limits that it is judged by. */
export interface ExplainOptions {
  /** The first seals, all open; each is tried for sealed and for signed tokens. A secret that is not one is a TypeError or RangeError: see `readSecret`. */
  readonly secrets?: readonly KeyInput[];
  /** The cookie's name with its prefix; stands for the purpose `sealring:cookie:<name>`. Default: what the input says. */
  readonly name?: string;
  /** What the token is for, where it is no cookie of the session layer. Wins over `name`. */
  readonly purpose?: string;
  /** What the token is bound to. Default: what `tenant` and the number of the cookie's parts make. */
  readonly context?: string | Uint8Array;
  /** What the session is bound to, as the option `context` of its definition returns it. Default: nothing, or a host that the input names. */
  readonly tenant?: string;
  /** Seconds since the epoch. Default: the clock. */
  readonly now?: number;
  /**
   * Seconds for which a token is good, from the time when it was made; or for which a session lives that does not say so itself, from its creation.
   * Default: a token for ever, a session 30 days.
   */
  readonly maxAge?: number;
  readonly types?: TypeRegistry;
  readonly dictionary?: readonly string[];
  /** Which of the cookies found, from 0. Default: the first that looks like a token. */
  readonly cookie?: number;
}

/** Whether the token opens, in words. */
export interface Verdict {
  /** `waiting`: a key or a name is missing; `unknown`: nothing says that this is a token. */
  readonly state: 'opens' | 'refused' | 'waiting' | 'unknown';
  /** One sentence: `It opens.`, `Genuine, but expired 4 minutes ago.` */
  readonly headline: string;
  /** Further sentences: facts first, then the likely cause, then what to try. */
  readonly details: readonly string[];
}

/** All that can be said of what was pasted: the cookies in it, and of the one chosen its parts, its checks and its contents. */
export interface Explanation {
  /** All that was found in the input; never empty for an input with something in it. */
  readonly cookies: readonly PastedCookie[];
  /** Index of the one explained; -1 for an empty input. */
  readonly chosen: number;
  /** What was done to the input to find it, for people; empty where nothing was. */
  readonly note: string;
  readonly format: FormatMatch | undefined;
  readonly mode: 'sealed' | 'signed' | undefined;
  /** The whole token, where it is base64url at all. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly segments: readonly Segment[];
  /** Empty where there is nothing to check: no input, one that is too long, a key in place of a cookie. */
  readonly checks: readonly Check[];
  readonly verdict: Verdict;
  /** The key id that the token names: 6 hexadecimal digits. */
  readonly keyId: string | undefined;
  readonly issuedAt: number | undefined;
  /** Authentic bytes, whatever the later checks say; of a token that did not get past `name`: undefined. */
  readonly payload: Uint8Array<ArrayBuffer> | undefined;
  /** The payload of a signed token, which anyone can read, and which nothing vouches for unless `payload` is there too. */
  readonly unverified: Uint8Array<ArrayBuffer> | undefined;
  /** Where it could be decoded, also when it is expired: then `verdict.state` is `refused`. */
  readonly opened: OpenedToken | undefined;
}

/** One CBOR data item, with the items in it. RFC 8949. */
export interface AnnotatedItem {
  /** Head and content. */
  readonly bytes: Range;
  /** The head alone: initial byte and argument. */
  readonly head: Range;
  readonly major: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** `unsigned(7)`, `text(4)`, `map(2)`, `tag(1)`, `float64`… as in RFC 8949 Appendix A's tables. */
  readonly label: string;
  /** What it means to us: `Date 2026-01-01T00:00:00Z`, `"team"`, `instance of Person`; empty where the label says all. */
  readonly meaning: string;
  /** What it is in its parent: a key, a value, an element, a tag's content. */
  readonly role: 'root' | 'key' | 'value' | 'element' | 'content';
  readonly children: readonly AnnotatedItem[];
}

/** The items of a payload, as a tree. */
export interface Annotation {
  readonly root: AnnotatedItem | undefined;
  /** Where the bytes stop being CBOR, or our profile of it: what was expected, and the byte. */
  readonly fault: { readonly at: number; readonly message: string } | undefined;
}
