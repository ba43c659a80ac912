/** A Fetch response and what the sessions have to say -> the response to send. */

import { type ResponseChanges, type ResponseHeaders, rememberLines, setHeaders } from './changes.ts';

// Fetch standard, "null body status": the constructor of Response rejects a body with these.
const NULL_BODY: ReadonlySet<number> = /* @__PURE__ */ new Set([204, 205, 304]);

/**
 * Puts the changes on a copy of the response, as a handler may return the same Response to every visitor. The copy has the same status,
 * headers and body, and what a framework has hung on the response as a property; it no longer knows the `url` that it was fetched from.
 * The body is not read.
 *
 * @returns the response itself where there is nothing to change, or where no copy can be made: `Response.error()`, an opaque response,
 *   and (outside Cloudflare Workers) the 101 of a WebSocket. Cookies that should have been set are then not.
 * @throws {TypeError} when the body has been read already, or when a header has a value that cannot be sent.
 */
export function applyToResponse(response: Response, changes: ResponseChanges): Response {
  const headers = new CopiedHeaders(response);
  setHeaders(response, headers, changes);
  if (headers.response !== response) rememberLines(headers.response, response, changes.cookies);
  return headers.response;
}

/** The headers of a response, which is copied before the first of them is set. */
class CopiedHeaders implements ResponseHeaders {
  /** The response itself, as long as nothing is set. */
  response: Response;
  readonly #original: Response;

  constructor(response: Response) {
    this.response = response;
    this.#original = response;
  }

  get(name: string): string | undefined {
    return this.response.headers.get(name) ?? undefined;
  }

  getSetCookie(): readonly string[] {
    return this.response.headers.getSetCookie();
  }

  set(name: string, value: string): void {
    this.#copied()?.set(name, value);
  }

  replaceSetCookie(lines: readonly string[]): void {
    const headers = this.#copied();
    headers?.delete('Set-Cookie');
    for (const line of lines) headers?.append('Set-Cookie', line); // only append() adds a second line
  }

  #copied(): Headers | undefined {
    if (this.response === this.#original) this.response = copyOf(this.#original) ?? this.#original;
    return this.response === this.#original ? undefined : this.response.headers;
  }
}

/** Returns undefined for a status that no copy may have. */
function copyOf(response: Response): Response | undefined {
  if (response.status >= 200) return copyAll(response);
  try {
    return copyAll(response); // Cloudflare Workers: with its WebSocket
  } catch {
    return undefined;
  }
}

function copyAll(response: Response): Response {
  const copy = cloneWithType(response) ?? new Response(NULL_BODY.has(response.status) ? null : response.body, response);
  for (const name of Object.keys(response)) Reflect.set(copy, name, Reflect.get(response, name));
  return copy;
}

/**
 * Bun keeps the type of a string body out of the headers until it sends them, and only `clone()` takes it along, if nobody has asked for
 * `body` before. What is left of the original is cancelled, as it would be kept in memory.
 */
function cloneWithType(response: Response): Response | undefined {
  if (!('Bun' in globalThis) || response.headers.has('Content-Type')) return undefined;
  const clone = response.clone();
  response.body?.cancel().catch(() => {});
  return clone;
}
