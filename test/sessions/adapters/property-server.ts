/** A server with `req.session`, and visitors of it that keep their cookies. */
import { createServer, type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';
import { type RequestSession, sessions } from '../../../packages/sessions/src/adapters/express.ts';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { type DefinedSession, defineSession } from '../../../packages/sessions/src/store/define.ts';
import type { SessionEvent } from '../../../packages/sessions/src/store/events.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { createClock, type TestClock } from '../../../packages/sessions/src/testing/testing.ts';
import { secret } from '../support.ts';

/** As JavaScript sees it. */
export type AnySession = RequestSession & { [name: string]: unknown };

interface Incoming extends IncomingMessage {
  session: AnySession;
  readonly sessionID: string | undefined;
}

export type Handler = (req: Incoming, res: ServerResponse) => unknown;

export const KINDS = ['cookie', 'memory', 'network'] as const;
export type Kind = (typeof KINDS)[number];

export interface App {
  readonly clock: TestClock;
  readonly events: SessionEvent[];
  readonly definition: DefinedSession<Record<string, unknown>>;
  /** Calls of the backend that write. */
  readonly writes: string[];
  /** While it says true, the backend fails. */
  isDown: boolean;
  visitor(): Visitor;
}

/** `/a`, `/b` … are the handlers, in order; `/` is the first. An error that a handler throws is answered with 500 and its message. */
export async function serve(kind: Kind, ...handlers: readonly Handler[]): Promise<App> {
  const clock = createClock();
  const events: SessionEvent[] = [];
  const writes: string[] = [];
  const options = { keys: [secret(1)], now: clock.now, cookie: { secure: false }, maxAge: 3600 };
  const hooks = { onEvent: (event: SessionEvent) => events.push(event) };
  const near = memory({ now: clock.now });
  const counted: Backend = {
    cas: near.cas,
    get(id) {
      fail();
      return near.get(id);
    },
    set(id, data, settings) {
      fail();
      writes.push('set');
      return near.set(id, data, settings);
    },
    delete(id) {
      fail();
      writes.push('delete');
      return near.delete(id);
    },
  };
  const store =
    kind === 'cookie'
      ? cookieStore({ ...options, ...hooks })
      : serverStore({ ...options, ...hooks, backend: kind === 'memory' ? counted : distant(counted) });
  const definition = defineSession<Record<string, unknown>>({ store, name: 'login' });
  const middleware = sessions({ property: 'session', session: definition, onError: () => {} });
  const answer = (res: ServerResponse, error: unknown) => {
    if (!res.headersSent) res.statusCode = 500;
    res.end(error instanceof Error ? error.message : inspect(error));
  };
  const server = createServer((req, res) => {
    const handler = handlers[Math.max(0, 'abcdefgh'.indexOf(req.url?.charAt(1) || 'a'))];
    const next = async (error?: unknown) => {
      try {
        if (error !== undefined) throw error;
        await handler?.(req as Incoming, res); // trust boundary: the middleware has put them there
      } catch (thrown) {
        answer(res, thrown);
      }
    };
    void middleware(req, res, (error) => void next(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if (server instanceof Server) server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  const app: App = { clock, events, writes, definition, isDown: false, visitor: () => new Visitor(port) };
  function fail() {
    if (app.isDown) throw new Error('The database is down');
  }
  return app;
}

function distant({ cas, get, set, delete: remove }: Backend): Backend {
  const travel = () => new Promise((resolve) => setTimeout(resolve, 2));
  return {
    cas,
    get: async (id) => travel().then(() => get(id)),
    set: async (id, data, settings) => travel().then(() => set(id, data, settings)),
    delete: async (id) => travel().then(() => remove(id)),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly setCookies: readonly string[];
}

class Visitor {
  readonly #port: number;
  readonly cookies = new Map<string, string>();

  constructor(port: number) {
    this.#port = port;
  }

  async get(path = '/'): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, { headers: cookie === '' ? {} : { cookie } });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, text: await response.text(), setCookies };
  }

  copy(): Visitor {
    const copy = new Visitor(this.#port);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }
}
