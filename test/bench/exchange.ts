/**
 * A request and its response without a network: Cookie header -> what `node:http` hands to a library, and what the library answered.
 *
 * Stand-ins, the same for every library: with Node's own objects most of the time would be Node's, and all would look alike.
 */

type HeaderValue = number | string | readonly string[];

/** What the libraries read of an `IncomingMessage`; a middleware puts its session on it. */
export class NodeRequest {
  readonly method = 'GET';
  readonly url = '/';
  readonly headers: Readonly<Record<string, string>>;
  readonly socket: { readonly encrypted: boolean } = { encrypted: true };
  readonly connection: { readonly encrypted: boolean } = this.socket;
  declare session?: Record<string, unknown>;

  constructor(cookie: string) {
    this.headers = { host: 'example.org', 'accept-encoding': 'br', ...(cookie !== '' && { cookie }) };
  }
}

/** What the libraries call of a `ServerResponse`, `_header` and `_implicitHeader` included; the body goes nowhere. */
export class NodeResponse {
  statusCode = 200;
  headersSent = false;
  /** Called when the response has been ended. */
  onEnd: (() => void) | undefined;
  readonly #headers = new Map<string, HeaderValue>();

  get _header(): boolean {
    return this.headersSent;
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  _implicitHeader(): void {
    this.writeHead(this.statusCode);
  }

  writeHead(status: number): this {
    this.statusCode = status;
    this.headersSent = true;
    return this;
  }

  write(): boolean {
    if (!this.headersSent) this._implicitHeader();
    return true;
  }

  end(): this {
    if (!this.headersSent) this._implicitHeader();
    this.onEnd?.();
    return this;
  }

  flushHeaders(): void {
    if (!this.headersSent) this._implicitHeader();
  }

  emit(): boolean {
    return false;
  }

  destroy(): void {}

  /** The Set-Cookie lines, as they would be sent. */
  getSetCookie(): readonly string[] {
    const lines = this.getHeader('set-cookie') ?? [];
    return typeof lines === 'string' || typeof lines === 'number' ? [String(lines)] : lines;
  }
}

/** Express's kind of middleware. */
export type Middleware = (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => void;

/** What all stores of Express have in common. */
export interface CallbackStore {
  get(sid: string, callback: (error: unknown, session?: unknown) => void): unknown;
  set(sid: string, session: unknown, callback: (error?: unknown) => void): unknown;
}

/** A browser's next Cookie header: the cookies that were set, or the old ones where none was. One session's cookies come and go together. */
export function nextCookie(cookie: string, setCookies: readonly string[]): string {
  return setCookies.length === 0 ? cookie : setCookies.map((line) => line.split(';', 1)[0]).join('; ');
}
