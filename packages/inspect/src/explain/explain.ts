/** Pasted text -> an explanation: what it is, which checks it passes, and why it is rejected. */

import { readCookieText } from '../cookie-text.ts';
import type { ExplainOptions, Explanation, PastedCookie, Verdict } from '../explanation.ts';
import type { Pasted } from '../format.ts';
import { readHosts } from '../hosts.ts';
import { joinCookies } from '../joined-cookies.ts';
import { readOptions } from '../options.ts';
import { isPastedKey } from '../secret-text.ts';
import { detectFormat, formatOf } from './formats.ts';

const MAX_INPUT = 0x10_0000; // characters

/**
 * Finds the cookies in a pasted string: a bare value, `name=value`, Cookie and Set-Cookie lines, a curl command, JSON, or a line of a log.
 * Joins values that were split over several cookies. It never throws for a string. If there are more than 1,048,576 characters, it finds no cookies.
 *
 * @example
 * import { readCookies } from '@sealring/inspect';
 * const [cookie] = readCookies('Set-Cookie: theme=dark; Path=/; Secure');
 * console.log(cookie?.name, cookie?.value, cookie?.size, cookie?.attributes?.get('path')); // theme dark 9 /
 */
export function readCookies(text: string): PastedCookie[] {
  return readPasted(text).cookies;
}

/**
 * Explains a cookie or token: what it is, byte by byte, whether it opens, and which check rejects it and why. It does not throw
 * for any string. The result does not contain the keys.
 *
 * @throws {TypeError | RangeError} if an option is wrong or a secret is malformed. Use `readSecret` for secrets that people type.
 *
 * @example
 * import { createSealer, generateKey } from '@sealring/codec';
 * import { explain } from '@sealring/inspect';
 * const key = generateKey();
 * const token = createSealer({ keys: [key], purpose: 'sealring:cookie:login', reserved: true }).seal({ userId: 42 });
 * const { verdict } = explain(`Cookie: cart=${token}`, { secrets: [key] });
 * console.log(verdict.headline); // Genuine, but sealed for the cookie “login”.
 */
export function explain(input: string, options: ExplainOptions = {}): Explanation {
  const settings = readOptions(options);
  const pasted = readPasted(input);
  const { cookies, note } = pasted;
  const first = cookies.findIndex(({ format }) => format !== undefined);
  const chosen = Math.min(settings.cookie ?? Math.max(first, 0), cookies.length - 1);
  const cookie = cookies[chosen];
  if (cookie === undefined) return nothing(input);
  const { format } = cookie;
  if (format === undefined && isPastedKey(cookie.name, cookie.value))
    return { ...NO_TOKEN, cookies, chosen, note, verdict: A_KEY };
  return { cookies, chosen, note, ...formatOf(format).explain(cookie, pasted, settings, format) };
}

function readPasted(text: string): Pasted & { cookies: PastedCookie[]; note: string } {
  if (typeof text !== 'string') throw new TypeError(`"input" expected a string, got a value of type ${typeof text}`);
  if (text.length > MAX_INPUT) return { cookies: [], hosts: [], note: '' };
  const { cookies, note } = readCookieText(text, (value) => detectFormat(value) !== undefined);
  return {
    cookies: joinCookies(cookies).map((cookie) => ({ ...cookie, format: detectFormat(cookie.value) })),
    hosts: readHosts(
      text,
      cookies.map(({ attributes }) => attributes?.get('domain') ?? ''),
    ),
    note,
  };
}

function nothing(input: string): Explanation {
  const isLong = input.length > MAX_INPUT;
  const headline = isLong ? 'This is too long to be a cookie.' : 'Nothing was pasted.';
  const found = `It has ${input.length.toLocaleString('en')} characters; at most ${MAX_INPUT.toLocaleString('en')} are read.`;
  const verdict: Verdict = { state: isLong ? 'refused' : 'waiting', headline, details: isLong ? [found] : [] };
  return { ...NO_TOKEN, cookies: [], chosen: -1, note: '', verdict };
}

/** Does not repeat any part of the key. No check is made, because its finding could name a character. */
const A_KEY: Verdict = {
  state: 'unknown',
  headline: 'This is a key, not a token.',
  details: [
    'Paste it in the list of keys instead.',
    'If it was ever in a chat, a ticket or a log, replace it: anyone who reads it there can make tokens.',
  ],
};

const NO_TOKEN = {
  format: undefined,
  mode: undefined,
  bytes: undefined,
  segments: [],
  checks: [],
  keyId: undefined,
  issuedAt: undefined,
  payload: undefined,
  unverified: undefined,
  opened: undefined,
};
