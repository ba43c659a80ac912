/** A request for which a Secure cookie is set -> whether browsers would drop the cookie, and during development one warning. */

import { isWatched, warnOnce } from '../development.ts';
import { isObject } from '../options.ts';
import { headerOf } from './request.ts';

/**
 * Chromium and Firefox take Secure cookies from these over plain http too. Safari drops them: there `localhost` needs https, or `secure: false`.
 */
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i;

/** @param name of the session. */
export function noticePlainHttp(name: string, request: object): void {
  if (!isWatched('plain-http') || !isPlainHttp(request)) return;
  const why = 'browsers drop such a cookie unless the host is localhost, so every visit begins a new session';
  const remedy =
    'open the page on localhost or over https, or set cookie: { secure: false } during development. A proxy that speaks https for this server has to send X-Forwarded-Proto';
  warnOnce(
    'plain-http',
    `session "${name}" sets a Secure cookie, and the request came over plain http: ${why}. To mend it, ${remedy}`,
  );
}

/** Whether it is certain that the request came without https, and from another machine. What most requests tell is asked first. */
function isPlainHttp(request: object): boolean {
  const url: unknown = Reflect.get(request, 'url');
  const isAbsolute = typeof url === 'string' && !url.startsWith('/');
  const seen = isAbsolute ? schemeIn(url) : schemeOf(request);
  if (seen === 'https') return false;
  if (headerOf(request, 'sec-fetch-site', 'Sec-Fetch-Site') != null) return false; // browsers send it only where they take Secure cookies
  const forwarded = headerOf(request, 'x-forwarded-proto', 'X-Forwarded-Proto');
  const scheme = typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim().toLowerCase() : seen;
  if (scheme !== 'http') return false;
  const host =
    headerOf(request, 'x-forwarded-host', 'X-Forwarded-Host') ??
    headerOf(request, 'host', 'Host') ??
    (isAbsolute ? /^\w+:\/\/([^/?#]+)/.exec(url)?.[1] : undefined);
  return typeof host === 'string' && !LOOPBACK.test(host.trim());
}

function schemeIn(url: string): 'http' | 'https' | undefined {
  return url.startsWith('https:') ? 'https' : url.startsWith('http:') ? 'http' : undefined;
}

/** Of a request of `node:http`, which knows its socket. */
function schemeOf(request: object): 'http' | 'https' | undefined {
  const socket: unknown = Reflect.get(request, 'socket');
  if (!isObject(socket)) return undefined;
  if (Reflect.get(socket, 'encrypted') === true) return 'https';
  return 'remoteAddress' in socket ? 'http' : undefined;
}
