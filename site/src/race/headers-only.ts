/** A response as Node has it, of which only the headers matter: in a page, `Response` cannot carry Set-Cookie nor `Request` a cookie. */
import type { NodeResponse } from 'sealring';

type HeaderValue = number | string | readonly string[];

export class HeadersOnly implements NodeResponse {
  statusCode = 200;
  readonly headersSent = false;
  readonly #headers = new Map<string, HeaderValue>();

  /** What a browser would send back: `name=value` of the cookie that was set; empty where none was. */
  get cookie(): string {
    const lines = this.#headers.get('set-cookie');
    const [line = ''] = Array.isArray(lines) ? lines : [];
    return String(line).split(';', 1)[0] ?? '';
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: HeaderValue): void {
    this.#headers.set(name.toLowerCase(), value);
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  // Nothing is sent.
  writeHead(): void {}
  write(): boolean {
    return true;
  }
  end(): void {}
  flushHeaders(): void {}
  emit(): boolean {
    return false;
  }
  destroy(): void {}
}
