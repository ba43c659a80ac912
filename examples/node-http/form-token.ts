/**
 * Makes sure that a form came from a page of ours, not from another site that a visitor has open (CSRF).
 *
 * Two locks. Cookies are SameSite=Lax, the library's default: browsers do not send them with another site's POST, so it finds no login.
 * And each form carries a token that is also in the login session: another site can neither read nor guess it. Hence the rule that this
 * shop keeps: GET changes nothing that matters, whatever does is POST.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SessionOf } from 'sealring';
import type { LoginValues } from './stores.ts';

/** The session's token; the first page of a visit makes it. */
export function formToken(login: SessionOf<LoginValues>): string {
  const token = login.get('formToken') ?? randomBytes(16).toString('base64url');
  if (!login.has('formToken')) login.set('formToken', token);
  return token;
}

export function isOurForm(login: SessionOf<LoginValues>, form: URLSearchParams): boolean {
  const expected = Buffer.from(login.get('formToken') ?? '');
  const given = Buffer.from(form.get('token') ?? '');
  // The time that a comparison takes must not tell how much of a guess was right.
  return expected.length > 0 && expected.length === given.length && timingSafeEqual(expected, given);
}
