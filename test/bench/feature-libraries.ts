/** The session libraries as the feature checks see them: one request in, Set-Cookie lines out, the handler written by the check. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import cookieSession from 'cookie-session';
import expressSession, { MemoryStore } from 'express-session';
import { H3Event, useSession } from 'h3';
import { getIronSession } from 'iron-session';
import { cookieStore, memory, type Session, type Store, save, serverStore } from 'sealring';
import { type Middleware, NodeRequest, NodeResponse } from './exchange.ts';

/** What every library can do with a session. */
export interface SessionView {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  destroy(): unknown;
}

type Handler = (session: SessionView) => unknown;

/** A server: several requests may be under way. */
export interface Server {
  /** @returns Set-Cookie lines. @throws what the library throws. */
  visit(cookie: string, handler: Handler): Promise<readonly string[]>;
}

export interface Library {
  name: string;
  /** The session's data is in the cookie, not on the server. */
  isInCookie: boolean;
  /** A server on the records of others that were started of the same library. The first secret is the newest; all else is left at its default. */
  start(options: { name: string; secrets: readonly string[] }): Server;
}

/** Fresh ones: what one of them keeps is seen by its own servers alone. */
export function createFeatureLibraries(): Library[] {
  const [records, sessions] = [memory(), new MemoryStore()];
  sessions.setMaxListeners(0); // every server listens to it
  return [
    {
      name: 'Sealring, server store',
      isInCookie: false,
      start: ({ name, secrets }) => ours(name, serverStore({ keys: secrets.map(toBytes), backend: records })),
    },
    {
      name: 'Sealring, cookie store',
      isInCookie: true,
      start: ({ name, secrets }) => ours(name, cookieStore({ keys: secrets.map(toBytes) })),
    },
    {
      name: 'express-session',
      isInCookie: false,
      start: ({ name, secrets }) =>
        ofMiddleware(
          expressSession({ name, secret: [...secrets], resave: false, saveUninitialized: false, store: sessions }),
        ),
    },
    {
      name: 'cookie-session',
      isInCookie: true,
      start: ({ name, secrets }) => ofMiddleware(cookieSession({ name, keys: [...secrets] })),
    },
    { name: 'iron-session', isInCookie: true, start: ({ name, secrets }) => iron(name, secrets) },
    // One password alone: it takes no list.
    { name: 'h3 useSession', isInCookie: true, start: ({ name, secrets }) => h3(name, secrets[0] ?? '') },
  ];
}

const toBytes = (secret: string) => new TextEncoder().encode(secret);

function ours(name: string, store: Store): Server {
  return {
    async visit(cookie, handler) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      const session: Session = await store.get(request, name);
      await handler(session);
      await save(request, response);
      return response.getSetCookie();
    },
  };
}

function iron(name: string, secrets: readonly string[]): Server {
  const password = Object.fromEntries(secrets.map((secret, index) => [secrets.length - index, secret])); // the highest seals
  return {
    async visit(cookie, handler) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      // trust boundary: it asks for Node's whole classes, and uses of them what the stand-ins have
      const pair = [request, response] as unknown as [IncomingMessage, ServerResponse];
      const session = await getIronSession<Record<string, unknown>>(...pair, { cookieName: name, password });
      let isChanged = false;
      await handler({
        get: (key) => session[key],
        set(key, value) {
          session[key] = value;
          isChanged = true;
        },
        destroy: () => session.destroy(),
      });
      if (isChanged) await session.save();
      return response.getSetCookie();
    },
  };
}

function ofMiddleware(middleware: Middleware): Server {
  return {
    visit(cookie, handler) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      return new Promise((resolve, reject) => {
        response.onEnd = () => resolve(response.getSetCookie());
        const run = async () => {
          await handler(viewOf(request));
          response.end();
        };
        middleware(request, response, (error) => (error === undefined ? run().catch(reject) : reject(error)));
      });
    },
  };
}

function viewOf(request: NodeRequest): SessionView {
  return {
    get: (key) => request.session?.[key],
    set(key, value) {
      if (request.session) request.session[key] = value;
    },
    destroy() {
      const destroy = request.session?.['destroy'];
      if (typeof destroy !== 'function') return Reflect.set(request, 'session', null); // cookie-session
      return new Promise((resolve) => Reflect.apply(destroy, request.session, [resolve]));
    },
  };
}

function h3(name: string, password: string): Server {
  return {
    async visit(cookie, handler) {
      const event = new H3Event(new Request('https://example.org/', { headers: { cookie } }));
      const session = await useSession<Record<string, unknown>>(event, { name, password });
      const changes: Record<string, unknown> = {};
      await handler({
        get: (key) => session.data[key],
        set: (key, value) => Reflect.set(changes, key, value),
        destroy: () => session.clear(),
      });
      if (Object.keys(changes).length > 0) await session.update(changes);
      return new Response(undefined, { headers: event.res.headers }).headers.getSetCookie();
    },
  };
}
