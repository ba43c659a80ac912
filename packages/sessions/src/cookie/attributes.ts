/** What the caller says about the cookie -> its checked attributes, and a session's name -> the cookie's name. */

import { checkOptions, describe } from '../options.ts';

const MAX_NAME = 128; // characters
const MAX_ATTRIBUTE = 1024; // bytes; browsers ignore a longer attribute, RFC 6265bis §5.6

/** How browsers keep and send the cookie. For development over plain http there is one switch: `{ secure: false }`. */
export interface CookieOptions {
  /** The host whose subdomains get the cookie as well. Default: none, only the host that set it. */
  domain?: string;
  /** Under which paths the cookie is sent. Default `/`. */
  path?: string;
  /** Over https alone. Default true. False drops the prefix of the name as well. */
  secure?: boolean;
  /** Out of reach of scripts. Default true. */
  httpOnly?: boolean;
  /** Whether requests from other sites carry the cookie. Default `lax`; always sent, as browsers differ in theirs. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** One cookie jar for each top-level site. Default false. */
  partitioned?: boolean;
  /** Which cookies Chromium drops first when there are too many. Default: not sent. */
  priority?: 'low' | 'medium' | 'high';
  /**
   * Start of the cookie's name by which browsers hold it to its attributes. Default `__Host-` where allowed (secure, path `/`,
   * no domain), else `__Secure-` where secure, else none.
   */
  prefix?: '__Host-' | '__Secure-' | 'none';
}

/** `CookieOptions`, checked and complete. */
export interface Attributes {
  readonly domain: string | undefined;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly partitioned: boolean;
  readonly priority: 'low' | 'medium' | 'high' | undefined;
  readonly prefix: '__Host-' | '__Secure-' | '';
}

const NAMES = ['domain', 'path', 'secure', 'httpOnly', 'sameSite', 'partitioned', 'priority', 'prefix'];

/**
 * @param where what the caller knows the options as, for messages: `cookie` gives `"cookie.path" expected …`.
 * @throws {TypeError} on an unknown option, a wrong value, or values that do not go together.
 * @throws {RangeError} on a domain or path of more than 1,024 bytes.
 */
export function readAttributes(options: CookieOptions | undefined, where: string): Attributes {
  const all: { readonly [Name in keyof CookieOptions]?: unknown } = options === undefined ? {} : options;
  const given = checkOptions(`"${where}"`, all, NAMES);
  const { domain, path = '/', secure = true, httpOnly = true, sameSite = 'lax', partitioned = false } = given;
  const { priority, prefix } = given;
  const attributes = {
    domain: domain === undefined ? undefined : checkDomain(`${where}.domain`, domain),
    path: checkPath(`${where}.path`, path),
    secure: checkBoolean(`${where}.secure`, secure),
    httpOnly: checkBoolean(`${where}.httpOnly`, httpOnly),
    sameSite: checkChoice(`${where}.sameSite`, sameSite, ['strict', 'lax', 'none'] as const),
    partitioned: checkBoolean(`${where}.partitioned`, partitioned),
    priority:
      priority === undefined
        ? undefined
        : checkChoice(`${where}.priority`, priority, ['low', 'medium', 'high'] as const),
  };
  if (!attributes.secure) checkInsecure(where, attributes);
  return Object.freeze({ ...attributes, prefix: readPrefix(where, prefix, attributes) });
}

/**
 * @param name what the session is called: 1 to 128 characters of an RFC 6265 token.
 * @returns the name that the cookie goes by, prefix included.
 * @throws {TypeError} when `name` is no such text, starts with a prefix, or looks like the name of a chunk.
 * @throws {RangeError} when it has more than 128 characters.
 */
export function cookieNameOf(name: string, attributes: Attributes): string {
  if (typeof name !== 'string' || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw new TypeError(`"name" expected letters, digits and any of !#$%&'*+-.^_\`|~ (RFC 6265), got ${show(name)}`);
  }
  if (name.length > MAX_NAME)
    throw new RangeError(`"name" expected at most ${MAX_NAME} characters, got ${name.length}`);
  if (/^__(?:Host|Secure|Http)-/i.test(name)) {
    const why = 'the option "prefix" adds it, where browsers will take it';
    throw new TypeError(`"name" expected no cookie prefix, as ${why}, got ${show(name)}`);
  }
  if (/\.[0-9]+$/.test(name)) {
    const why = 'a session that is split over several cookies gives its others such names';
    throw new TypeError(`"name" expected no number after its last point, as ${why}, got ${show(name)}`);
  }
  if (!attributes.httpOnly && attributes.prefix === '__Host-' && /^Http-/i.test(name)) {
    // With our prefix in front it starts with __Host-Http-, RFC 6265bis §4.1.3.4.
    throw new TypeError(`"name" expected no "Http-" at its start where httpOnly is false, got ${show(name)}`);
  }
  return attributes.prefix + name;
}

function readPrefix(where: string, prefix: unknown, attributes: Omit<Attributes, 'prefix'>): Attributes['prefix'] {
  const { domain, path, secure } = attributes;
  const isHostOnly = secure && path === '/' && domain === undefined;
  if (prefix === undefined) return isHostOnly ? '__Host-' : secure ? '__Secure-' : '';
  const chosen = checkChoice(`${where}.prefix`, prefix, ['__Host-', '__Secure-', 'none'] as const);
  if (chosen === 'none') return '';
  if (!secure) throw new TypeError(`"${where}.prefix" expected "none" where secure is false, got "${chosen}"`);
  if (chosen === '__Host-' && !isHostOnly) {
    const got = domain === undefined ? `path ${show(path)}` : `domain ${show(domain)}`;
    throw new TypeError(`"${where}.prefix" expected path "/" and no domain for "__Host-", got ${got}`);
  }
  return chosen;
}

/** Browsers refuse both without Secure. */
function checkInsecure(where: string, { sameSite, partitioned }: Omit<Attributes, 'prefix'>): void {
  if (sameSite === 'none') {
    throw new TypeError(`"${where}.sameSite" expected "strict" or "lax" where secure is false, got "none"`);
  }
  if (partitioned) throw new TypeError(`"${where}.partitioned" expected false where secure is false, got true`);
}

// RFC 1123 §2.1, optionally with the leading point of older days.
function checkDomain(name: string, value: unknown): string {
  const domain = checkLength(name, value);
  const labels = domain.replace(/^\./, '').split('.');
  if (labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))) return domain;
  throw new TypeError(`"${name}" expected a host name in ASCII without port, got ${show(value)}`);
}

// RFC 6265 §4.1.1 path-value. Browsers put the directory of the request's path in place of one that starts otherwise.
function checkPath(name: string, value: unknown): string {
  const path = checkLength(name, value);
  if (/^\/[\x20-\x3a\x3c-\x7e]*$/.test(path)) return path;
  throw new TypeError(`"${name}" expected "/" and then printable ASCII without semicolon, got ${show(value)}`);
}

function checkLength(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`"${name}" expected a text, got ${show(value)}`);
  const bytes = new TextEncoder().encode(value).length;
  if (bytes <= MAX_ATTRIBUTE) return value;
  throw new RangeError(`"${name}" expected at most ${MAX_ATTRIBUTE} bytes, got ${bytes}`);
}

function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`"${name}" expected true or false, got ${show(value)}`);
}

function checkChoice<Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new TypeError(`"${name}" expected ${choices.map(show).join(' or ')}, got ${show(value)}`);
}

/** Names and attributes are no secrets, so the start of a text may stand in a message. */
function show(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return describe(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
