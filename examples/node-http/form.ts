/** A POST request -> the fields of its form. */
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const MOST = 4096; // bytes; our longest form has less than a tenth of it

/** @returns undefined where it is no form, or too long to be one of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const { 'content-type': type = '', 'content-length': length } = request.headers;
  // Browsers say how long a form is, and Node reads no more of it than that.
  if (!type.startsWith('application/x-www-form-urlencoded') || !(Number(length) <= MOST)) return undefined;
  return new URLSearchParams(await text(request));
}
