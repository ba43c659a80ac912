/** Text copied from a browser, a log or a terminal -> the cookies in it, as they were written. Takes linear time. */

import { cookieOf, NAME, readHeader, unescapeValue } from './header.ts';
import type { RawCookie } from './joined-cookies.ts';

/** The cookies, and what was done to find them. */
export interface CookieText {
  readonly cookies: readonly RawCookie[];
  /** For people: what was done. Empty if nothing was done. */
  readonly note: string;
}

/** Whether a value has a known format. Used for text that is not a cookie header. */
type IsToken = (value: string) => boolean;

export function readCookieText(text: string, isToken: IsToken): CookieText {
  const trimmed = text.replace(/^[\s\uFEFF]+/, '').trimEnd();
  if (trimmed === '') return { cookies: [], note: '' };
  return (
    readJsonText(trimmed, isToken) ??
    readNamesAndValues(trimmed) ??
    readHeaders(trimmed) ??
    readLine(trimmed, isToken) ??
    readWords(trimmed, isToken) ??
    readWords(joinLines(trimmed), isToken) ??
    readValue(trimmed)
  );
}

const MIN_WORD = 32; // characters; shorter words in a sentence cannot be tokens
const LABEL = /(?<![\w-])(set-)?cookie(["']?)\s*:\s*/gi;
const OTHER_HEADER = /^\s*(?::[a-z]+|[A-Za-z][\w-]*):(?:\s|$)/; // the next line of a whole request or response

/** Reads `"…"`, quoted as in JSON or source code. */
function readJsonText(text: string, isToken: IsToken): CookieText | undefined {
  const inner = text.startsWith('"') ? parseJson(text) : undefined;
  if (inner === undefined || inner.trimStart().startsWith('"')) return undefined;
  const { cookies, note } = readCookieText(inner, isToken);
  if (cookies.length === 0) return undefined; // empty quotes are an empty value
  return { cookies, note: note === '' ? 'The quotes around it were removed.' : note };
}

/** Reads network logs and lists of cookies: `"name": "…", "value": "…"`. If there are headers, reads only the headers. */
function readNamesAndValues(text: string): CookieText | undefined {
  const pattern = /"name"\s*:\s*("(?:[^"\\]|\\.){0,4096}")\s*,\s*"value"\s*:\s*"/g;
  const headers: RawCookie[][] = [];
  const pairs: RawCookie[] = [];
  for (const match of text.matchAll(pattern)) {
    const name = parseJson(match[1] ?? '');
    const value = parseJson(quotedAt(text, match.index + match[0].length - 1));
    if (name === undefined || value === undefined) continue;
    const isSet = /^set/i.test(name);
    if (/^(set-)?cookie$/i.test(name))
      headers.push(value.split('\n').flatMap((line) => readHeader(line, isSet) ?? [])); // logs join headers of one name with line breaks
    else if (NAME.test(name)) pairs.push(cookieOf(name, value, undefined));
  }
  const cookies = headers.length > 0 ? headers.flat() : pairs;
  return cookies.length === 0 ? undefined : { cookies, note: `Read from JSON: ${counted(cookies)}.` };
}

/** Returns the JSON string that begins at a quote, or the rest of the text if it has no end. */
function quotedAt(text: string, from: number): string {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return text.slice(from, at + 1);
  }
  return text.slice(from);
}

/** Reads `Cookie: …` and `Set-Cookie: …`, as lines of a request or response, as arguments of a command, or in JSON. */
function readHeaders(text: string): CookieText | undefined {
  const labels = [...text.matchAll(LABEL)];
  const cookies = labels.flatMap((label, at) => {
    const before = text[label.index - 1] ?? '';
    const rest = text.slice(label.index + label[0].length, labels[at + 1]?.index);
    const header = label[2] === '' ? cutHeader(rest, before) : (parseJson(quotedAt(rest, 0)) ?? cutHeader(rest, ''));
    return readHeader(header, label[1] !== undefined) ?? [];
  });
  if (cookies.length === 0) return undefined;
  return { cookies, note: `Taken out of the ${labels.length > 1 ? 'headers' : 'header'}: ${counted(cookies)}.` };
}

/**
 * Cuts the text at the quote that closes the quote before the label, or at the next header. Joins broken lines.
 *
 * @param before the character before the label.
 */
function cutHeader(text: string, before: string): string {
  if (before === "'" || before === '`') return joinLines(text.split(before, 1)[0] ?? '');
  const end = before === '"' ? text.search(/(?<!\\)"(?=[\s,)\]}\\]|$)/) : -1; // quotes around a value stand before a semicolon
  const lines = text.slice(0, end < 0 ? text.length : end).split(LINE_BREAK);
  const next = lines.findIndex((line, at) => at > 0 && (line.trim() === '' || OTHER_HEADER.test(line)));
  return joinLines(lines.slice(0, next < 0 ? lines.length : next).join('\n'));
}

/** Reads a header without its label, such as `a=b; c=d`, or `document.cookie`, if it consists of pairs only. */
function readLine(text: string, isToken: IsToken): CookieText | undefined {
  const line = joinLines(text)
    .replace(/^document\.cookie(?:\s*=)?\s*/, '')
    .replace(/;$/, '');
  const header = /^(["'`])(.*)\1$/s.exec(line)?.[2] ?? line;
  const cookies = readHeader(header, undefined);
  const [only] = cookies ?? [];
  if (cookies === undefined || only === undefined) return undefined;
  const isPair = cookies.length > 1 || only.attributes !== undefined || isPairOnly(only, header, isToken);
  return isPair ? { cookies, note: `Taken out of the line: ${counted(cookies)}.` } : undefined;
}

/** Whether text that looks like one pair is a pair, and not a sentence, padded base64, or a token with an added `=`. */
function isPairOnly({ name, value }: RawCookie, header: string, isToken: IsToken): boolean {
  const isPadded = name.length >= 16 && /^=*$/.test(value);
  const isChanged = name.length >= 32 && !isToken(value) && /^[ES][\w-]+$/.test(name);
  return !(/\s/.test(header.trim()) || isPadded || isChanged);
}

/** Reads any other text: finds `name=token`, or a token between spaces, quotes and brackets. */
function readWords(text: string, isToken: IsToken): CookieText | undefined {
  const cookies: RawCookie[] = [];
  let before = '';
  for (const word of text.split(/[\s"'`<>(),;{}[\]\\&?]+/)) {
    const last = before;
    before = word;
    if (word.length < MIN_WORD || word === text) continue;
    const at = word.search(/[=:]/);
    const name = at < 0 ? (/^(.+)=$/.exec(last)?.[1] ?? '') : word.slice(0, at);
    const value = unescapeValue(word.slice(at + 1));
    if (isToken(value)) cookies.push(cookieOf(NAME.test(name) ? name : '', value, undefined));
  }
  if (cookies.length === 0) return undefined;
  const isNamed = cookies.every(({ name }) => name !== '');
  return { cookies, note: `Taken out of the text: ${isNamed ? counted(cookies) : 'what looks like a token'}.` };
}

function readValue(text: string): CookieText {
  const value = unescapeValue(joinLines(text));
  const note = value === text ? '' : 'Quotes, line breaks or percent-encoding were removed.';
  return { cookies: [cookieOf('', value, undefined)], note };
}

const LINE_BREAK = /\r\n|\r|\n/;

/** Joins lines that a terminal has broken and indented. */
function joinLines(text: string): string {
  const lines = text.split(LINE_BREAK);
  return lines
    .map((line, at) => (at < lines.length - 1 ? line.trim().replace(/\\$/, '').trimEnd() : line.trim()))
    .join('');
}

function parseJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function counted(cookies: readonly RawCookie[]): string {
  const [first] = cookies;
  return cookies.length === 1 ? `the value of “${first?.name}”` : `${cookies.length} cookies`;
}
