// What the documentation's samples use of frameworks beyond test/support/frameworks.d.ts: of Express and Koa, which have no types of their own, and of
// those that only run inside an application of theirs, and so are not installed here.

/** Where applications declare what their middleware adds to requests. */
declare namespace Express {
  // biome-ignore lint/suspicious/noEmptyInterface: others add to it, which a type does not allow
  interface Request {}
}

declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  interface Request extends IncomingMessage, Express.Request {
    /** There only if a parser has read a body. */
    readonly body?: Readonly<Record<string, unknown>>;
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

declare module 'next/headers' {
  interface RequestCookies {
    get(name: string): { name: string; value: string } | undefined;
    set(name: string, value: string, attributes?: object): unknown;
  }
  export function cookies(): Promise<RequestCookies>;
}

declare module 'next/navigation' {
  export function redirect(url: string): never;
}

declare module '@sveltejs/kit' {
  interface RequestEvent {
    readonly request: Request;
  }
  export type Handle = (input: {
    event: RequestEvent;
    resolve(event: RequestEvent): Response | Promise<Response>;
  }) => Response | Promise<Response>;
}

declare module 'astro' {
  export type MiddlewareHandler = (
    context: { readonly request: Request },
    next: () => Promise<Response>,
  ) => Promise<Response>;
}

declare module 'react-router' {
  export type MiddlewareFunction<Result = unknown> = (
    input: { readonly request: Request },
    next: () => Promise<Result>,
  ) => Promise<Result | undefined> | Result | undefined;
}

declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage, Server } from 'node:http';

  export interface WebSocket {
    on(event: 'message', listener: (data: Buffer) => unknown): this;
    send(data: string): void;
    close(code?: number, reason?: string): void;
  }
  export class WebSocketServer extends EventEmitter<{ connection: [socket: WebSocket, request: IncomingMessage] }> {
    constructor(options: { server: Server });
  }
}

declare module 'socket.io' {
  import type { Server as HttpServer, IncomingMessage } from 'node:http';

  interface Socket {
    readonly request: IncomingMessage;
    readonly data: Record<string, unknown>;
    on(event: string, listener: (...data: string[]) => unknown): this;
    emit(event: string, ...data: unknown[]): boolean;
    join(room: string): void;
    disconnect(close?: boolean): this;
  }
  export class Server {
    constructor(server: HttpServer);
    use(middleware: (socket: Socket, next: (error?: Error) => void) => unknown): this;
    on(event: 'connection', listener: (socket: Socket) => unknown): this;
    in(room: string): { disconnectSockets(close?: boolean): void };
  }
}
