/** The presented name, purpose and context -> other bindings that a token may have been sealed for, the most likely first. */

import { bindingOf, cookiePurpose, countChunks, readBinding, readCookiePurpose } from '@sealring/wire';
import type { PastedCookie } from '../explanation.ts';

/** What a token is bound to besides its key. */
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
const MAX_NAMES = 24;
const MAX_NAME_LENGTH = 256;

/**
 * @param presented `undefined` if neither the input nor the caller says what the token is for.
 * @param tenants that a session may be bound to.
 * @param length characters of the token.
 * @returns the bindings, without `presented`. Their number is limited, whatever the input is.
 */
export function otherBindings(
  presented: Binding | undefined,
  names: readonly string[],
  tenants: readonly string[],
  cookies: readonly PastedCookie[],
  length: number,
): Binding[] {
  const own = names.flatMap(spellings);
  const others = cookies.slice(0, MAX_NAMES).flatMap(({ name }) => spellings(name));
  const likely = unique([...own.map(cookiePurpose), ...own, ...others.map(cookiePurpose)]);
  const purposes = unique([
    ...(presented ? [presented.purpose] : []),
    ...likely,
    ...USUAL.flatMap(spellings).map(cookiePurpose),
    ...USUAL,
  ]);
  const close = purposes.slice(0, 4).flatMap((purpose) => {
    const chunks = chunksFor(purpose, length);
    const bound = tenants.map((tenant) => bindingOf(chunks, tenant));
    return withContexts(purpose, [presented?.context, undefined, bindingOf(chunks, undefined), ...bound]);
  });
  const far = purposes.slice(4).flatMap((purpose) => {
    return withContexts(purpose, [presented?.context, bindingOf(chunksFor(purpose, length), undefined)]);
  });
  const seen = new Set(presented ? [keyOf(presented)] : []);
  return [...close, ...far].filter((binding) => {
    const key = keyOf(binding);
    return !seen.has(key) && seen.add(key);
  });
}

/** Returns over how many cookies a session splits a token. A longer name can need more. */
function chunksFor(purpose: string, length: number): number {
  const cookieName = readCookiePurpose(purpose);
  return cookieName === undefined || cookieName.length > MAX_NAME_LENGTH ? 1 : countChunks(cookieName, length);
}

function withContexts(purpose: string, contexts: readonly Binding['context'][]): Binding[] {
  return contexts.map((context) => ({ purpose, context }));
}

/** Returns a name with and without its prefix, and in lower case. */
function spellings(name: string): string[] {
  const bare = (readCookiePurpose(name) ?? name).replace(/^__(host|secure)-/i, '').trim();
  if (bare === '' || bare.length > MAX_NAME_LENGTH) return [];
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

/** Returns text for people: `the cookie “login”`, `the purpose “magic-link”`, with the context if there is one. */
export function describeBinding({ purpose, context }: Binding): string {
  const cookieName = readCookiePurpose(purpose);
  const what = cookieName === undefined ? `the purpose “${purpose}”` : `the cookie “${cookieName}”`;
  if (context === undefined) return what;
  if (typeof context !== 'string') return `${what} with a context of ${context.length} bytes`;
  const { chunks = 1, tenant } = readBinding(context) ?? {};
  if (chunks === 1 && tenant === undefined) return `${what} with the context “${context}”`;
  const split = chunks === 1 ? '' : ` split over ${chunks} cookies`;
  return `${what}${split}${tenant === undefined ? '' : ` of the tenant “${tenant}”`}`;
}
