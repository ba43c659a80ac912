/** A pasted header -> a row for each cookie: what it is, how large, with which flags, and what is wrong with it. */
import type { Secret, TypeRegistry } from '@sealring/codec';
import { type CheckId, type Explanation, explain, type PastedCookie, readCookies } from '@sealring/inspect';
import { MAX_COOKIE_BYTES } from '@sealring/wire';
import { splitContext } from '../token/split.ts';
import { type Flag, flagsOf, lifetimeOf, refusalsOf } from './attributes.ts';
import { headerLinesOf } from './har.ts';

export interface Row {
  readonly name: string;
  /** `sealed`, `signed`, `sealed id`, `signed id`, `empty` or `not ours`. */
  readonly kind: string;
  /** Of the key that the token names; undefined where it is no token. */
  readonly keyId: string | undefined;
  /** What the keys given make of it; undefined where it was not tried. */
  readonly verdict: { readonly opens: boolean; readonly says: string } | undefined;
  /** Of name and value, all chunks together. */
  readonly bytes: number;
  readonly chunks: number;
  readonly flags: readonly Flag[];
  readonly lifetime: string | undefined;
  /** Each a whole sentence. */
  readonly warnings: readonly string[];
  /** What the Open view needs to take up this cookie: a text, and the number of the cookie in it. */
  readonly input: string;
  readonly cookie: number;
}

export interface Table {
  readonly rows: readonly Row[];
  /** Cookies beyond the rows. */
  readonly left: number;
  /** Of the Cookie header that sends all of them. */
  readonly headerBytes: number;
}

export interface Opening {
  readonly secrets: readonly Secret[];
  readonly now: number;
  readonly maxAge: number | undefined;
  readonly types: TypeRegistry;
  readonly dictionary: readonly string[];
}

/** Node answers 431 where all headers of a request have more. */
export const NODE_HEADER_LIMIT = 16_384;

const MOST_ROWS = 200;
/** What guessing names may cost in one table: characters of the tokens, and for the keys that are derived a cookie's worth each. */
const MOST_GUESSED = 0x8000;
const SHORT_OF_COOKIES = 'Cookie: '.length;
const SEPARATOR = '; '.length;

export function readTable(text: string, opening: Opening): Table {
  const lines = headerLinesOf(text);
  const cookies = readCookies(lines).filter(({ name, format }) => name !== '' || format !== undefined);
  const counts = new Map<string, number>();
  for (const { name } of cookies) counts.set(name, (counts.get(name) ?? 0) + 1);
  let guessed = 0;
  const rows = cookies.slice(0, MOST_ROWS).map((cookie, at) => {
    const secrets = guessed < MOST_GUESSED ? opening.secrets : [];
    const explained = cookie.format && explainCookie(cookie, { ...opening, secrets });
    if (explained && isGuessed(cookie, explained)) guessed += MAX_COOKIE_BYTES + cookie.value.length;
    const input = cookie.chunks > 1 ? { input: lines, cookie: at } : { input: pairOf(cookie), cookie: 0 };
    return {
      name: cookie.name,
      ...tokenOf(cookie, explained, secrets.length > 0),
      bytes: cookie.size,
      chunks: cookie.chunks,
      flags: flagsOf(cookie.name, cookie.attributes),
      lifetime: lifetimeOf(cookie.attributes),
      warnings: warningsOf(cookie, counts.get(cookie.name) ?? 1),
      ...input,
    };
  });
  const pairs = cookies.reduce((sum, { size, chunks }) => sum + size + chunks * ('='.length + SEPARATOR), 0);
  return { rows, left: cookies.length - rows.length, headerBytes: Math.max(0, SHORT_OF_COOKIES + pairs - SEPARATOR) };
}

const pairOf = ({ name, value }: PastedCookie) => (name === '' ? value : `Cookie: ${name}=${value}`);

/** The cookie by itself: to read the whole text again for each would take time of its square. */
function explainCookie(cookie: PastedCookie, { maxAge, ...given }: Opening): Explanation {
  const { name, value, chunks, missing } = cookie;
  const context = missing.length === 0 ? splitContext(cookie) : '';
  return explain(missing.length > 0 ? `Cookie: ${name}=${chunks}.${value}` : pairOf(cookie), {
    ...given,
    ...(name === '' ? {} : { name }),
    ...(context === '' ? {} : { context }),
    ...(maxAge === undefined ? {} : { maxAge }),
  });
}

/** Whether other names than its own were tried, which takes a hundred times as long as its own. */
function isGuessed({ name }: PastedCookie, { checks }: Explanation): boolean {
  const hasPassed = (id: CheckId) => checks.some((check) => check.id === id && check.state === 'passed');
  return hasPassed('key') && (name === '' || !hasPassed('name'));
}

function tokenOf(
  { value }: PastedCookie,
  explained: Explanation | undefined,
  isTried: boolean,
): Pick<Row, 'kind' | 'keyId' | 'verdict'> {
  if (explained === undefined)
    return { kind: value === '' ? 'empty' : 'not ours', keyId: undefined, verdict: undefined };
  const { mode = 'sealed', keyId, opened, verdict } = explained;
  return {
    kind: opened?.session?.kind === 'id' ? `${mode} id` : mode,
    keyId,
    verdict: isTried ? { opens: verdict.state === 'opens', says: verdict.headline } : undefined,
  };
}

function warningsOf({ name, value, size, chunks, attributes }: PastedCookie, count: number): string[] {
  return [
    ...(chunks === 1 && size > MAX_COOKIE_BYTES
      ? [
          `${size.toLocaleString('en')} bytes: browsers drop a cookie of more than ${MAX_COOKIE_BYTES.toLocaleString('en')}.`,
        ]
      : []),
    ...refusalsOf(name, attributes),
    ...(count > 1 ? [duplicateOf(name, count, attributes !== undefined)] : []),
    ...(attributes !== undefined && lacksHttpOnly(value, attributes)
      ? ['Without HttpOnly scripts on the page can read it.']
      : []),
  ];
}

const lacksHttpOnly = (value: string, attributes: ReadonlyMap<string, string>) =>
  value !== '' && !attributes.has('httponly');

function duplicateOf(name: string, count: number, isSet: boolean): string {
  return isSet
    ? `“${name}” is set ${count} times: with the same domain and path the last one stays.`
    : `“${name}” is here ${count} times: set for different paths or domains. Which comes first is up to the browser.`;
}
