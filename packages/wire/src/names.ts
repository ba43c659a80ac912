/** What the session layer calls things when it seals them: purposes, contexts, lengths, labels. FORMAT.md §9. */

/** Bytes of a session's id in a cookie store, and of the id of its family. Ids open nothing. */
export const ID_BYTES = 12;

/** Bytes that the cookie of a server store seals. Who has them has the session. */
export const SECRET_BYTES = 32;

/** What is hashed before the secret to give the id of its record: `base64url(SHA-256(LOOKUP_LABEL ‖ secret))`. */
export const LOOKUP_LABEL = 'sealring/id';

/** What the purposes of the session layer begin with, and no other: no token of an application can stand in for a session. */
export const RESERVED_PREFIX = 'sealring:';

/** The purpose under which a subject is signed to give its index name. */
export const SUBJECT_PURPOSE = 'sealring:subject';

/** The purpose of sealers that only check their options and seal nothing. */
export const CHECK_PURPOSE = 'sealring:check';

/** The purposes of sessions that express-session saves: of their contents, of their ids if they are listed, and of the index of all of them. */
export const EXPRESS_PURPOSES = {
  contents: 'sealring:express-session:contents',
  id: 'sealring:express-session:id',
  index: 'sealring:express-session:index',
} as const;

const COOKIE = 'sealring:cookie:';

/** The purpose of a session cookie: what its key is derived for. */
export function cookiePurpose(cookieName: string): string {
  return COOKIE + cookieName;
}

/** Returns the name of the cookie that a purpose is for, or `undefined` if it is for something else. */
export function readCookiePurpose(purpose: string): string | undefined {
  return purpose.startsWith(COOKIE) ? purpose.slice(COOKIE.length) : undefined;
}

/** The purpose of a record in a backend. */
export function recordPurpose(cookieName: string): string {
  return `sealring:record:${cookieName}`;
}

/**
 * The context that a session cookie is sealed with, or `undefined` for a cookie in one part that is bound to no tenant.
 *
 * @param chunks over how many cookies the value is split. Chunks of different splits never join.
 * @param tenant what the definition's `context` returned, for example a host name.
 */
export function bindingOf(chunks: number, tenant: string | undefined): string | undefined {
  const split = chunks === 1 ? '' : `chunks:${chunks}`;
  if (tenant === undefined) return split === '' ? undefined : split;
  return `${split}${split === '' ? '' : ';'}tenant:${tenant}`;
}

/** Returns what `bindingOf` has made a context of, or `undefined` if it has not made it. */
export function readBinding(context: string): { chunks: number; tenant: string | undefined } | undefined {
  const [, split, tenant] = /^(?:chunks:(\d+);?)?(?:tenant:(.*))?$/s.exec(context) ?? [];
  const chunks = split === undefined ? 1 : Number(split);
  return bindingOf(chunks, tenant) === context ? { chunks, tenant } : undefined;
}
