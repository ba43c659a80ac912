// The part of Express and Koa that the tests use; the packages have no types of their own.

declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Response extends ServerResponse {
    json(body: unknown): this;
    send(body: string | Buffer): this;
    status(status: number): this;
    type(type: string): this;
    redirect(url: string): void;
    sendFile(path: string): void;
    cookie(name: string, value: string): this;
  }
  interface Application {
    (request: IncomingMessage, response: ServerResponse): void;
    use(middleware: (request: IncomingMessage, response: Response, next: () => void) => void): void;
    get(path: string, handler: (request: IncomingMessage, response: Response) => unknown): void;
    listen(port: number): unknown;
  }
  export default function express(): Application;
}

declare module 'koa' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Context {
    readonly path: string;
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    /** Koa's own request, which wraps `req`. */
    readonly request: { readonly req: IncomingMessage };
    readonly headers: IncomingMessage['headers'];
    readonly cookies: { set(name: string, value: string): void };
    body: unknown;
    status: number;
    respond: boolean;
    redirect(url: string): void;
    set(name: string, value: string): void;
    throw(status: number, message: string, properties?: object): never;
  }
  export default class Koa {
    silent: boolean;
    use(middleware: (ctx: Context, next: () => Promise<void>) => unknown): this;
    listen(port: number): unknown;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  }
}
