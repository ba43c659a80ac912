/**
 * A session in a cookie with nothing but node:http and the codec: requests go in, pages that count visits come out.
 *
 *   node server.ts             then open http://127.0.0.1:3000
 *   PORT=8080 node server.ts   another port
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSealer, generateKey } from '@sealring/codec';
import { keyPage, sessionPage } from './pages.ts';
import { isSession, type Session, visit } from './session.ts';

const NAME = 'demo';
const MAX_AGE = 7 * 24 * 60 * 60; // seconds

// A new key at every start, so that there is nothing to set up: a restart ends all sessions. A real program reads its key from
// where its other secrets are, so that it stays the same.
const key = generateKey();

// The purpose has the cookie's name in it: the value of one cookie never opens as that of another.
const sealer = createSealer({ keys: [key], purpose: `cookie:${NAME}` });

const server = createServer((request, response) => {
  const [pathname] = (request.url ?? '/').split('?', 1);
  if (request.method !== 'GET') send(response, 405, 'Only GET is answered here.\n', 'text/plain');
  else if (pathname === '/') showSession(request, response);
  else if (pathname === '/key') send(response, 200, keyPage(key, NAME), 'text/html');
  else send(response, 404, 'Nothing here. Try /\n', 'text/plain'); // /favicon.ico too: it must not count as a visit
});

function showSession(request: IncomingMessage, response: ServerResponse): void {
  const { session, refused } = readSession(request);
  const next = visit(session, new Date());
  const token = sealer.seal(next);
  // HttpOnly: no script of the page can read it. SameSite=Lax: other sites' forms are sent without it.
  // Over https add Secure, and call it __Host-demo: a browser then takes it from this very host alone.
  response.setHeader('set-cookie', `${NAME}=${token}; Max-Age=${MAX_AGE}; Path=/; HttpOnly; SameSite=Lax`);
  send(response, 200, sessionPage({ session: next, token, name: NAME, refused }), 'text/html');
}

/** A visitor's bad cookie is never an error of ours: it becomes an empty session, and `refused` says why. */
function readSession(request: IncomingMessage): { session: Session | undefined; refused: string | undefined } {
  const token = readCookie(request.headers.cookie ?? '', NAME);
  if (token === undefined) return { session: undefined, refused: undefined }; // the first visit
  const opened = sealer.safeOpen(token, { maxAge: MAX_AGE });
  if (!opened.ok) return { session: undefined, refused: opened.code };
  // The token is ours, but perhaps an older release made it. So what is in it is checked like any input.
  if (!isSession(opened.value)) return { session: undefined, refused: 'it holds another kind of session' };
  return { session: opened.value, refused: undefined };
}

/** The value of the first cookie of that name. RFC 6265 §4.2.1: `name=value` pairs, separated by semicolons. */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [found = '', ...value] = pair.trim().split('=');
    if (found === name) return value.join('=');
  }
  return undefined;
}

function send(response: ServerResponse, status: number, body: string, type: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store', // a page made for one visitor
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}

const port = Number(process.env['PORT'] ?? 3000);

server.on('error', (error: NodeJS.ErrnoException) => {
  const inUse = `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1} node server.ts`;
  console.error(error.code === 'EADDRINUSE' ? inUse : error.message);
  process.exitCode = 1;
});

server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  const open = typeof address === 'object' && address ? address.port : port; // PORT=0 takes any free one
  console.log(`Sealring example: http://127.0.0.1:${open}`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections(); // browsers keep theirs open for the next request
  });
}
