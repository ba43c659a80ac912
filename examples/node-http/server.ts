/**
 * A small shop on node:http, without a framework. Forms change a visitor's two sessions, and the one page shows them.
 *
 *   SESSION_KEY=sealring_… node server.ts   then open http://127.0.0.1:3000. PORT=8080 chooses another port.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { generateKey, saveBeforeHeaders } from 'sealring';
import { PRICES, totalOf } from './goods.ts';
import { page } from './page.ts';
import { openSessions, type Visit } from './sessions.ts';

const style = readFileSync(new URL('style.css', import.meta.url));
let keys = [process.env['SESSION_KEY'] ?? ''];
let sessions = openSessions(keys);

const server = createServer((request, response) => {
  saveBeforeHeaders(request, response); // both sessions at once, whoever answers
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end('Something went wrong. The log says what.\n');
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { method, url = '', headers } = request;
  const action = actions[url];
  if (method === 'GET' && url === '/style.css') return response.setHeader('Content-Type', 'text/css').end(style);
  if (!(method === 'GET' && url === '/') && !(method === 'POST' && action)) return response.writeHead(404).end();

  const [login, cart] = await Promise.all([sessions.login.get(request), sessions.cart.get(request)]);
  if (action === undefined) {
    // A rejected cookie is no error: its session is new. This takes the cookie out of the browser.
    for (const session of [login, cart]) if (session.rejected) session.destroy();
    const policy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'";
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Cache-Control', 'no-store').setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(page({ login, cart }, keys, headers.cookie));
  }
  // Forms of other sites come without the cookies, which are SameSite=Lax. Other ports of this machine are the same site.
  if (headers['sec-fetch-site'] && headers['sec-fetch-site'] !== 'same-origin') return response.writeHead(403).end();
  if (!(Number(headers['content-length']) < 4096)) return response.writeHead(400).end();
  await action({ login, cart }, new URLSearchParams(await text(request)));
  return response.writeHead(303, { Location: '/' }).end(); // reloading the page does nothing twice
}

type Action = (visit: Visit, form: URLSearchParams) => unknown;

const actions: Readonly<Record<string, Action>> = {
  '/sign-in': async ({ login, cart }, form) => {
    const name = form.get('name')?.trim() ?? '';
    if (name === '' || name.length > 40) return cart.addFlash('Please enter a name of up to 40 characters.');
    await login.login(name); // a new id, and whose it is, for "Sign out everywhere"
    login.set('signedInAt', new Date());
    cart.addFlash(`Welcome, ${name}.`);
  },

  '/sign-out': ({ login, cart }) => {
    login.logout();
    cart.addFlash('You are signed out.');
  },

  '/sign-out-everywhere': async ({ login, cart }) => {
    if (login.subject !== undefined) await sessions.logins.revokeAll(login.subject);
    cart.addFlash('You are signed out in every browser.');
  },

  '/add': ({ cart }, form) => {
    const name = form.get('product') ?? '';
    if (!PRICES.has(name)) return;
    // Not get and set: of two clicks at once, the later save is done again on what the earlier one left, so both count.
    cart.update('items', (items = new Map()) => new Map(items).set(name, (items.get(name) ?? 0) + 1));
    cart.addFlash(`${name} is in your cart.`);
  },

  '/order': ({ login, cart }) => {
    const items = cart.get('items');
    if (items === undefined || login.subject === undefined) return cart.addFlash('Sign in and fill your cart first.');
    login.set('lastOrder', { placedAt: new Date(), total: totalOf(items) });
    cart.delete('items');
    cart.addFlash('Thank you for your order.');
  },

  // The new key seals from now on, and the old ones still open: nobody is signed out.
  '/rotate': () => useKeys([generateKey(), ...keys]),

  // Signs out whoever has not been here since the last rotation.
  '/retire': () => useKeys(keys.slice(0, 1)),
};

/** Until this process stops. A real program changes the list where its secrets are, and is deployed. */
function useKeys(list: string[]): void {
  keys = list;
  sessions = openSessions(keys);
}

server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`Sealring example: http://127.0.0.1:${address?.port}`);
});
