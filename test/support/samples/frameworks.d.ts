// What the documentation's samples use of Express and Koa beyond test/support/frameworks.d.ts; the packages have no types of their own.

declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  interface Request extends IncomingMessage {
    readonly body: Record<string, string>;
    readonly path: string;
    readonly params: Record<string, string>;
  }
  interface Application {
    use(middleware: (request: Request, response: Response, next: (error?: unknown) => void) => void): void;
    get(path: string, handler: (request: Request, response: Response) => unknown): void;
    post(path: string, handler: (request: Request, response: Response) => unknown): void;
    listen(port: number, onListening?: () => void): Server;
  }
  export function urlencoded(options?: {
    extended?: boolean;
  }): (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
}

declare module 'koa' {
  import type { IncomingMessage, Server } from 'node:http';

  interface Context {
    readonly req: IncomingMessage;
  }
  export default interface Koa {
    listen(port: number, onListening?: () => void): Server;
  }
}
