/** A request and its response -> the shop's cookies as the browser keeps them, for a page that shows them. No part of using sessions. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const NAMES: readonly string[] = ['login', 'cart']; // other programs on this host have cookies too

/** Name to value. */
export type Cookies = ReadonlyMap<string, string>;

/** What the browser sent. RFC 6265 §4.2.1: `name=value` pairs, separated by semicolons. */
export function cookiesBefore(request: IncomingMessage): Cookies {
  return new Map((request.headers.cookie ?? '').split(';').map(readPair).filter(isOurs));
}

/** What it holds once it has the response, after `save`. */
export function cookiesAfter(request: IncomingMessage, response: ServerResponse): Cookies {
  const lines = [response.getHeader('set-cookie') ?? []].flat().map(String);
  const changed = lines.map((line) => readPair(line.split(';', 1)[0] ?? '')).filter(isOurs);
  const kept = new Map([...cookiesBefore(request), ...changed]);
  // To delete a cookie is to set it to nothing, expired.
  return new Map([...kept].filter(([, value]) => value !== '').sort(([one], [other]) => orderOf(one) - orderOf(other)));
}

function readPair(pair: string): readonly [string, string] {
  const [name = '', ...value] = pair.trim().split('=');
  return [name, value.join('=')];
}

const orderOf = (name: string): number => NAMES.indexOf(name);

const isOurs = ([name]: readonly [string, string]): boolean => NAMES.includes(name);
