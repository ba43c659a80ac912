/** Run by http-requests.ts: one server of one library, which reads a session and changes it; says its CPU time when asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import cookieSession from 'cookie-session';
import expressSession, { MemoryStore } from 'express-session';
import { cookieStore, memory, type Store, saveBeforeHeaders, serverStore } from 'sealring';
import { benchSecret } from './ours.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const keys = [benchSecret(0)];
const secret = 'correct-horse-battery-staple-0123456789-bench';
const cookie = { secure: false };

const handlers: Readonly<Record<string, () => Handler>> = {
  cookieStore: () => ours(cookieStore({ keys, cookie })),
  'memory()': () => ours(serverStore({ keys, cookie, backend: memory() })),
  // trust boundary: both are middleware of Express, which works with Node's own objects
  'cookie-session': () => theirs(cookieSession({ name: 'login', keys: [secret] }) as unknown as Middleware),
  MemoryStore: () =>
    theirs(
      // trust boundary: as above
      expressSession({
        secret,
        resave: false,
        saveUninitialized: false,
        store: new MemoryStore(),
      }) as unknown as Middleware,
    ),
};

const create = handlers[process.argv[2] ?? ''];
if (create === undefined) throw new Error('Which library?');
const server = createServer(create()).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) * 1000);
});

function ours(store: Store): Handler {
  return async (request, response) => {
    saveBeforeHeaders(request, response);
    const session = await store.get(request, 'login');
    for (const [key, value] of Object.entries(filling(request))) session.set(key, value);
    session.set('visits', Number(session.get('visits')) + 1);
    response.end('ok');
  };
}

function theirs(middleware: Middleware): Handler {
  return (request, response) => {
    middleware(request, response, () => {
      // trust boundary: this is where both put the session
      const { session } = request as IncomingMessage & { session: Record<string, unknown> };
      Object.assign(session, filling(request));
      session['visits'] = Number(session['visits']) + 1;
      response.end('ok');
    });
  };
}

function filling({ headers }: IncomingMessage): object {
  const fill = headers['x-fill'];
  return typeof fill === 'string' ? JSON.parse(fill) : {};
}
