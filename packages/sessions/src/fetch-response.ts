/** A Fetch response and what the sessions have to say -> the response to send. Here stand the rules of the headers, for Node as well. */

/** What a commit wants said to the visitor. */
export interface ResponseChanges {
  /** Full Set-Cookie lines, to be added in this order. */
  readonly setCookies: readonly string[];
  /** Cookie names that are ours: lines of an earlier commit that set one of them are taken away, also where no new line follows. */
  readonly ownNames: readonly string[];
  /** Adds `Cache-Control: no-store` to a response that says nothing of caching itself. */
  readonly noStore: boolean;
  /** Adds `Cookie` to Vary. */
  readonly varyCookie: boolean;
}

// Fetch standard, "null body status": the constructor of Response refuses a body with these.
const NULL_BODY: ReadonlySet<number> = /* @__PURE__ */ new Set([204, 205, 304]);

/**
 * Changes the headers in place, or where they are immutable (`Response.redirect()`, the answer to a `fetch()`) those of a copy with the same
 * status, headers and body. The body is never read; the copy of an answer to a `fetch()` no longer knows its `url`.
 *
 * A response that cannot be copied comes back without the changes if its headers are immutable: `Response.error()`, an opaque one, and
 * the 101 of a WebSocket.
 *
 * @returns the same object unless it had to be copied.
 */
export function applyToResponse(response: Response, changes: ResponseChanges): Response {
  const edit = planEdit(response.headers, changes);
  if (edit === undefined) return response;
  try {
    edit(response.headers);
    return response;
  } catch (error) {
    // Immutable headers refuse the first call, so nothing has been half done.
    if (!(error instanceof TypeError)) throw error;
  }
  if (response.status < 200 || hasWebSocket(response)) return response;
  const copy = new Response(NULL_BODY.has(response.status) ? null : response.body, response);
  edit(copy.headers);
  return copy;
}

/** Workers have a property `webSocket` on every response, null on most. */
function hasWebSocket(response: Response): boolean {
  return (Reflect.get(response, 'webSocket') ?? undefined) !== undefined;
}

/** @returns what has to be done to the headers, or undefined when that is nothing. */
function planEdit(headers: Headers, changes: ResponseChanges): ((headers: Headers) => void) | undefined {
  const before = headers.getSetCookie();
  const after = mergeSetCookies(before, changes);
  const vary = changes.varyCookie ? addCookieToVary(headers.get('Vary') ?? '') : undefined;
  const noStore = changes.noStore && !headers.has('Cache-Control');
  if (after === undefined && vary === undefined && !noStore) return undefined;
  return (target) => {
    if (after !== undefined) {
      // Only append() puts a second line; set() would leave one.
      if (before.length > 0) target.delete('Set-Cookie');
      for (const line of after) target.append('Set-Cookie', line);
    }
    if (vary !== undefined) target.set('Vary', vary);
    if (noStore) target.set('Cache-Control', 'no-store');
  };
}

/** @returns the lines that stay, in their order, then ours; undefined when that is what is there. */
export function mergeSetCookies(lines: readonly string[], changes: ResponseChanges): readonly string[] | undefined {
  const kept = lines.filter((line) => !changes.ownNames.includes(cookieName(line)));
  const merged = [...kept, ...changes.setCookies];
  return merged.length === lines.length && merged.every((line, at) => line === lines[at]) ? undefined : merged;
}

/** @returns the new value of Vary, or undefined when the present one says it already: `Cookie` in any case, or `*`. */
export function addCookieToVary(vary: string): string | undefined {
  const names = vary.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('cookie') || names.includes('*')) return undefined;
  return vary.trim() === '' ? 'Cookie' : `${vary}, Cookie`;
}

/** `a=1; Path=/` -> `a` */
function cookieName(line: string): string {
  return line.slice(0, Math.max(line.indexOf('='), 0)).trim();
}
