/** The session libraries: one adapter each, request -> session -> response, through the calls that the library's own documentation recommends. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import cookieSession from 'cookie-session';
import expressSession, { MemoryStore } from 'express-session';
import { H3Event, useSession } from 'h3';
import { getIronSession } from 'iron-session';
import { cookieStore, memory, type Session, type Store, save, serverStore } from 'sealring';
import { type Middleware, NodeRequest, NodeResponse } from './exchange.ts';
import type { JsonObject } from './fixtures.ts';
import { benchSecret } from './ours.ts';

/** What the handler does: fill a new session, read one key and change another, or read both. */
export type Deed = { fill: JsonObject } | 'change' | 'read';

/** What the handler saw, and what the response sets. */
interface Answer {
  userId: unknown;
  visits: unknown;
  setCookies: readonly string[];
}

export interface SessionLibrary {
  name: string;
  /** One whole request; `cookie` is '' for a new visitor. */
  visit(cookie: string, deed: Deed): Answer | Promise<Answer>;
}

const PASSWORD = 'correct-horse-battery-staple-0123456789-bench';

/** Ours and theirs, each with its defaults. */
export function createSessionLibraries(): SessionLibrary[] {
  const cookies = cookieStore({ keys: [benchSecret(0)] });
  const records = serverStore({ keys: [benchSecret(0)], backend: memory() });
  return [
    oursInNode('sealring cookieStore, Node', cookies),
    oursInFetch('sealring cookieStore, Fetch', cookies),
    oursInNode('sealring serverStore, memory()', records),
    ironSession(),
    ofMiddleware('cookie-session (signed, SHA-1)', cookieSession({ name: 'login', keys: [PASSWORD] })),
    h3(),
    ofMiddleware(
      'express-session, MemoryStore',
      expressSession({ secret: PASSWORD, resave: false, saveUninitialized: false, store: new MemoryStore() }),
    ),
  ];
}

function oursInNode(name: string, store: Store): SessionLibrary {
  return {
    name,
    async visit(cookie, deed) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      const seen = handle(await store.get(request, 'login'), deed);
      await save(request, response);
      response.end();
      return { ...seen, setCookies: response.getSetCookie() };
    },
  };
}

function oursInFetch(name: string, store: Store): SessionLibrary {
  return {
    name,
    async visit(cookie, deed) {
      const request = new Request('https://example.org/', { headers: { cookie } });
      const seen = handle(await store.get(request, 'login'), deed);
      const response = await save(request, new Response());
      return { ...seen, setCookies: response.headers.getSetCookie() };
    },
  };
}

function handle(session: Session, deed: Deed): Omit<Answer, 'setCookies'> {
  const seen = { userId: session.get('userId'), visits: session.get('visits') };
  if (deed === 'change') session.set('visits', Number(seen.visits) + 1);
  else if (deed !== 'read') for (const [key, value] of Object.entries(deed.fill)) session.set(key, value);
  return seen;
}

function ironSession(): SessionLibrary {
  return {
    name: 'iron-session',
    async visit(cookie, deed) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      // trust boundary: it asks for Node's whole classes, and uses of them what the stand-ins have
      const pair = [request, response] as unknown as [IncomingMessage, ServerResponse];
      const session = await getIronSession<Record<string, unknown>>(...pair, {
        cookieName: 'login',
        password: PASSWORD,
      });
      const seen = handlePlain(session, deed);
      if (deed !== 'read') await session.save();
      response.end();
      return { ...seen, setCookies: response.getSetCookie() };
    },
  };
}

// One that answers at once stays synchronous, so that no promise is charged to it.
function ofMiddleware(name: string, middleware: Middleware): SessionLibrary {
  return {
    name,
    visit(cookie, deed) {
      const [request, response] = [new NodeRequest(cookie), new NodeResponse()];
      let answer: Answer | undefined;
      let seen: Omit<Answer, 'setCookies'> = { userId: undefined, visits: undefined };
      let resolve: (answer: Answer) => void = () => {};
      response.onEnd = () => {
        answer = { ...seen, setCookies: response.getSetCookie() };
        resolve(answer);
      };
      middleware(request, response, (error) => {
        if (error !== undefined) throw error;
        seen = handlePlain(request.session ?? {}, deed);
        response.end();
      });
      return answer ?? new Promise((onEnd) => (resolve = onEnd));
    },
  };
}

function h3(): SessionLibrary {
  return {
    name: 'h3 useSession',
    async visit(cookie, deed) {
      const event = new H3Event(new Request('https://example.org/', { headers: { cookie } }));
      const session = await useSession(event, { name: 'login', password: PASSWORD });
      const { userId, visits } = session.data;
      if (deed !== 'read') await session.update(deed === 'change' ? { visits: Number(visits) + 1 } : deed.fill);
      const response = new Response(undefined, { headers: event.res.headers });
      return { userId, visits, setCookies: response.headers.getSetCookie() };
    },
  };
}

function handlePlain(session: Record<string, unknown>, deed: Deed): Omit<Answer, 'setCookies'> {
  const seen = { userId: session['userId'], visits: session['visits'] };
  if (deed === 'change') session['visits'] = Number(seen.visits) + 1;
  else if (deed !== 'read') Object.assign(session, deed.fill);
  return seen;
}
