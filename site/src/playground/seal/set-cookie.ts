/** A token as the value of a cookie -> the line that sets it, with the attributes that the session layer gives it by default. */
import { DEFAULT_MAX_AGE } from '@sealring/wire';

/**
 * @param maxAge seconds; null: until the browser closes; undefined: the session layer's 30 days.
 * @returns for example `Set-Cookie: __Host-login=E…; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax`.
 */
export function setCookieLine(name: string, value: string, maxAge: number | null | undefined): string {
  const lifetime = maxAge === null ? [] : [`Max-Age=${Math.ceil(maxAge ?? DEFAULT_MAX_AGE)}`];
  return `Set-Cookie: ${[`${name}=${value}`, ...lifetime, 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'].join('; ')}`;
}

/** What is wrong with a cookie's name; empty where nothing is. RFC 6265 §4.1.1. */
export function nameProblem(name: string): string {
  if (name === '') return '';
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
    ? ''
    : "A cookie's name is letters, digits and any of !#$%&'*+-.^_`|~";
}
