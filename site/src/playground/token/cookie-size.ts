/** A cookie's name and value -> how much of a browser's limit they take. RFC 6265bis §5.7: name and value together, in bytes. */

const COOKIE_LIMIT = 4096; // the "=" between them and the attributes after them do not count

export const cookieBytes = (name: string, value: string): number => new TextEncoder().encode(name + value).length;

/** For example `Name and value are 179 of 4,096 bytes.` */
export function formatCookieSize(name: string, value: string): string {
  const bytes = cookieBytes(name, value);
  const text = `Name and value are ${bytes.toLocaleString('en')} of ${COOKIE_LIMIT.toLocaleString('en')} bytes`;
  return bytes <= COOKIE_LIMIT ? `${text}.` : `${text}: browsers drop such a cookie.`;
}
