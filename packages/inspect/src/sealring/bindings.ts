/** Name, purpose and context as presented -> what else a token may have been sealed for, most likely first. */

import { MAX_COOKIE_BYTES } from '../chunks.ts';
import type { PastedCookie } from '../explanation.ts';

/** What a token is bound to beside its key. */
export interface Binding {
  readonly purpose: string;
  readonly context: string | Uint8Array | undefined;
}

const USUAL = [
  'session',
  'login',
  'sid',
  'cart',
  'demo',
  'flash',
  'user',
  'auth',
  'app',
  'id',
  'example',
  'magic-link',
];
const PREFIXES = ['', '__Host-', '__Secure-'];
const MOST_NAMES = 24;
const LONGEST_NAME = 256;

/** How the session layer calls what a cookie is for. */
export function purposeOf(cookieName: string): string {
  return `cookie:${cookieName}`;
}

/** And what it binds a value to that is split over several cookies. */
export function contextOf(chunks: number): string | undefined {
  return chunks === 1 ? undefined : `chunks:${chunks}`;
}

/**
 * @param presented undefined where neither input nor caller say what the token is for.
 * @param length characters of the token.
 * @returns without `presented` itself; a bounded number, whatever the input.
 */
export function otherBindings(
  presented: Binding | undefined,
  names: readonly string[],
  cookies: readonly PastedCookie[],
  length: number,
): Binding[] {
  const own = names.flatMap(spellings);
  const others = cookies.slice(0, MOST_NAMES).flatMap(({ name }) => spellings(name));
  const likely = unique([...own.map(purposeOf), ...own, ...others.map(purposeOf)]);
  const purposes = unique([
    ...(presented ? [presented.purpose] : []),
    ...likely,
    ...USUAL.flatMap(spellings).map(purposeOf),
    ...USUAL,
  ]);
  // A value is split over as few cookies as it takes: the longer the name, the more. One of them is none at all.
  const counts = [MAX_COOKIE_BYTES, MAX_COOKIE_BYTES - LONGEST_NAME].map((room) => contextOf(Math.ceil(length / room)));
  const contexts = [presented?.context, undefined, ...counts];
  const close = purposes.slice(0, 4).flatMap((purpose) => contexts.map((context) => ({ purpose, context })));
  const far = purposes.slice(4).flatMap((purpose) => contexts.slice(0, 2).map((context) => ({ purpose, context })));
  const seen = new Set(presented ? [keyOf(presented)] : []);
  return [...close, ...far].filter((binding) => {
    const key = keyOf(binding);
    return !seen.has(key) && seen.add(key);
  });
}

/** A name with and without its prefix, and as people mistype it. */
function spellings(name: string): string[] {
  const bare = name
    .replace(/^cookie:/, '')
    .replace(/^__(host|secure)-/i, '')
    .trim();
  if (bare === '' || bare.length > LONGEST_NAME) return [];
  return unique([
    name,
    ...PREFIXES.map((prefix) => prefix + bare),
    bare.toLowerCase(),
    ...PREFIXES.slice(1).map((prefix) => prefix + bare.toLowerCase()),
  ]);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '' && text.isWellFormed());
}

function keyOf({ purpose, context }: Binding): string {
  return JSON.stringify([
    purpose,
    typeof context === 'string' || context === undefined ? (context ?? '') : [...context],
  ]);
}

/** For people: `the cookie “login”`, `the purpose “magic-link”`, with the context where there is one. */
export function describeBinding({ purpose, context }: Binding): string {
  const what = purpose.startsWith('cookie:') ? `the cookie “${purpose.slice(7)}”` : `the purpose “${purpose}”`;
  const chunks = typeof context === 'string' ? /^chunks:(\d+)$/.exec(context)?.[1] : undefined;
  if (chunks !== undefined) return `${what} split over ${chunks} cookies`;
  if (context === undefined) return what;
  return typeof context === 'string'
    ? `${what} with the context “${context}”`
    : `${what} with a context of ${context.length} bytes`;
}
