/** Unmodified applications of express-session and @fastify/session on free ports of this machine, whose handlers are written in the test. */
import { once } from 'node:events';
import { Agent, createServer, type Server, request as send } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import fastifySession, { type FastifySessionOptions } from '@fastify/session';
import express from 'express';
import session from 'express-session'; // by its file, as another folder declares a part of the package's types for all
import fastify from 'fastify';
import { expect } from 'vitest';
import { toExpressStore } from '../../../../../packages/sessions/src/backends/express-session.ts';
import { keys, type SeenBackend } from './seen-backend.ts';

type Done = (error?: unknown) => void;

/** What both frameworks have in common. */
export interface AppSession {
  cookie: { originalMaxAge: number | null; maxAge?: number | null; expires?: Date | null };
  destroy(done: Done): unknown;
  regenerate(done: Done): unknown;
  reload(done: Done): unknown;
  save(done: Done): unknown;
  [key: string]: unknown;
}

export interface AppRequest {
  /** As the framework has it by now: after `regenerate` it is another. */
  readonly session: AppSession;
  /** Sets `request.session`. */
  assign(session: null): void;
}

type Handler = (request: AppRequest) => unknown;

interface Answer {
  readonly status: number;
  /** What the handler returned, through JSON; to an error what the framework answers. */
  readonly body: unknown;
  readonly setCookies: readonly string[];
}

/** A browser that has a session, or none. */
export interface Visitor {
  cookie: string;
  visit(handler: Handler): Promise<Answer>;
  /** The same session in another window. */
  copy(): Visitor;
}

export interface App {
  visitor(): Visitor;
  close(): Promise<void>;
}

export async function expressApp(options: Omit<session.SessionOptions, 'secret'>): Promise<App> {
  const handlers = new Handlers();
  const app = express();
  app.use(session({ secret: 'a secret of these tests', ...options }));
  app.get('/', async (request, response) => response.json(await handlers.run(request.url, request)));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createClient(portOf(server), handlers);
  return {
    visitor: client.visitor,
    async close() {
      client.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export async function fastifyApp(options: Omit<FastifySessionOptions, 'secret'>): Promise<App> {
  const handlers = new Handlers();
  const app = fastify();
  await app.register(fastifyCookie);
  const cookie = { secure: false, ...options.cookie };
  await app.register(fastifySession, { secret: 'a secret of these tests, which is long', ...options, cookie });
  app.get('/', async (request, reply) => {
    const answer = await handlers.run(request.url, request);
    return reply.type('application/json').send(JSON.stringify(answer));
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const client = createClient(portOf(app.server), handlers);
  return {
    visitor: client.visitor,
    async close() {
      client.close();
      await app.close();
    },
  };
}

/** Options that both frameworks have, in milliseconds where they do; `rolling` also stands for `resave`. */
export interface CommonOptions {
  rolling?: boolean;
  saveUninitialized?: boolean;
  maxAge?: number;
}

/** Both, on our store over the backend. */
export const frameworks = [
  {
    name: 'express-session',
    open: (backend: SeenBackend, { rolling = false, saveUninitialized = false, maxAge }: CommonOptions) =>
      expressApp({
        store: toExpressStore(backend, { keys, Store: session.Store }),
        rolling,
        resave: rolling,
        saveUninitialized,
        cookie: { ...(maxAge !== undefined && { maxAge }) },
      }),
  },
  {
    name: '@fastify/session',
    open: (backend: SeenBackend, { rolling = false, saveUninitialized = false, maxAge }: CommonOptions) =>
      fastifyApp({
        store: toExpressStore(backend, { keys }),
        rolling,
        saveUninitialized,
        cookie: { secure: false, ...(maxAge !== undefined && { maxAge }) },
      }),
  },
];

/** A method that calls back, as a promise. */
export function finished(start: (done: Done) => unknown): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
}

export function deferred(): Deferred {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve: () => resolve() };
}

/** The session's own keys, without those of the framework and of ours. */
export function contentsOf({ cookie: _, ...session }: AppSession): Record<string, unknown> {
  return JSON.parse(JSON.stringify(session));
}

/** Handlers are closures of the test; the path says which. */
class Handlers {
  readonly #handlers = new Map<string, Handler>();
  #added = 0;

  add(handler: Handler): string {
    const path = `/?handler=${++this.#added}`;
    this.#handlers.set(path, handler);
    return path;
  }

  async run(path: string | undefined, request: object): Promise<unknown> {
    const handler = this.#handlers.get(path ?? '');
    this.#handlers.delete(path ?? '');
    const view: AppRequest = {
      get session() {
        return Reflect.get(request, 'session');
      },
      assign: (none) => Reflect.set(request, 'session', none),
    };
    return (await handler?.(view)) ?? null;
  }
}

function createClient(port: number, handlers: Handlers): { visitor: () => Visitor; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const ask = (path: string, cookie: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = cookie === '' ? {} : { cookie };
      const outgoing = send({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('error', reject).on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, body: parse(text), setCookies: headers['set-cookie'] ?? [] });
        });
      });
      outgoing.on('error', reject).end();
    });
  const visitor = (cookie = ''): Visitor => ({
    cookie,
    async visit(handler) {
      const answer = await ask(handlers.add(handler), this.cookie);
      for (const line of answer.setCookies) this.cookie = /^[^;]*/.exec(line)?.[0] ?? '';
      return answer;
    },
    copy() {
      return visitor(this.cookie);
    },
  });
  return { visitor: () => visitor(), close: () => agent.destroy() };
}

/** What express answers to an error is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

export async function set(visitor: Visitor, values: Record<string, unknown>): Promise<void> {
  const { status } = await visitor.visit(({ session }) => {
    Object.assign(session, values);
  });
  expect(status).toBe(200);
}

/** The session as a request finds it. */
export async function look(visitor: Visitor): Promise<unknown> {
  return (await visitor.visit(({ session }) => contentsOf(session))).body;
}

/** A request that has loaded and changed its session, and answers when it is let go. */
export function hold(visitor: Visitor, change: (request: AppRequest) => unknown) {
  const [started, ended] = [deferred(), deferred()];
  const answer = visitor.copy().visit(async (request) => {
    change(request);
    started.resolve();
    await ended.promise;
  });
  return {
    isHeld: started.promise,
    async letGo() {
      ended.resolve();
      expect((await answer).status).toBe(200);
    },
  };
}
