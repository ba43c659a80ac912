/**
 * A small shop on node:http, without a framework: requests go in, pages come out. What it knows of a visitor is in two sessions.
 *
 *   SESSION_KEY=sealring_… node server.ts   then open http://127.0.0.1:3000. PORT=8080 chooses another port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type SessionOf, save } from 'sealring';
import { cookiesAfter, cookiesBefore } from './cookies.ts';
import { readForm } from './form.ts';
import { formToken, isOurForm } from './form-token.ts';
import { PRODUCTS, totalOf, withOneMore } from './goods.ts';
import { KeyRing, readKey } from './key-ring.ts';
import { keysPage } from './keys-page.ts';
import { listen } from './listen.ts';
import { type PageContent, refusalPage } from './page.ts';
import { fail, redirect, refuseMethod, sendPage, sendStyle, sendText } from './respond.ts';
import { shopPage } from './shop-page.ts';
import type { CartValues, LoginValues, Stores } from './stores.ts';

const ring = new KeyRing([readKey()]);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => fail(response, error));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const page = pages.get(path);
  const action = actions.get(path);
  if (request.method === 'GET' && page) await show(request, response, page);
  else if (request.method === 'POST' && action) await act(request, response, action);
  else if (request.method === 'GET' && path === '/style.css') sendStyle(response);
  else if (page || action) refuseMethod(response, page ? 'GET' : 'POST');
  else sendText(response, 404, 'Nothing here. Start at /'); // no session is asked for, so no cookie is set
}

interface Visit {
  readonly login: SessionOf<LoginValues>;
  readonly cart: SessionOf<CartValues>;
  /** As they were when the request came, whatever happens to the keys meanwhile. */
  readonly stores: Stores;
}

/** Always two sessions, even if empty. A cookie that is refused is no error: its session is empty, and `rejected` says why. */
async function visitOf(request: IncomingMessage): Promise<Visit> {
  const { stores } = ring;
  const [login, cart] = await Promise.all([stores.login.get(request), stores.cart.get(request)]);
  return { login, cart, stores };
}

async function show(request: IncomingMessage, response: ServerResponse, page: (content: PageContent) => string) {
  const { login, cart } = await visitOf(request);
  const token = formToken(login);
  const flashes = { messages: cart.flashes(), errors: cart.flashes('errors') }; // read, so the next page has them no more
  if (cart.rejected) cart.destroy(); // takes the refused cookie out of the browser; the login's is replaced, as it has a new token
  await save(request, response); // both sessions at once, and before anything of the page is sent
  const cookies = { sent: cookiesBefore(request), cookies: cookiesAfter(request, response) };
  sendPage(response, 200, page({ login, cart, token, ...flashes, ...cookies, keys: ring.keys }));
}

/** Does what a form asks for, and sends the browser to a page: reloading that does nothing twice. */
async function act(request: IncomingMessage, response: ServerResponse, action: Action) {
  const visit = await visitOf(request);
  const form = await readForm(request);
  if (form === undefined) return sendText(response, 400, 'Expected a short form. Start at /');
  if (!isOurForm(visit.login, form)) return sendPage(response, 403, refusalPage(visit.login.rejected));
  const location = await action(visit, form);
  await save(request, response);
  return redirect(response, location);
}

const pages: ReadonlyMap<string, (content: PageContent) => string> = new Map([
  ['/', shopPage],
  ['/keys', keysPage],
]);

/** @returns where to go on. */
type Action = (visit: Visit, form: URLSearchParams) => string | Promise<string>;

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['/sign-in', signIn],
  ['/sign-out', signOut],
  ['/sign-out-everywhere', signOutEverywhere],
  ['/cart/add', addToCart],
  ['/cart/order', placeOrder],
  ['/keys/change', changeKeys],
]);

async function signIn({ login, cart }: Visit, form: URLSearchParams): Promise<string> {
  const name = [...(form.get('name')?.trim() ?? '')].slice(0, 40).join(''); // characters: half of one cannot be sealed
  if (!name) {
    cart.addFlash('Please enter a name.', 'errors');
    return '/';
  }
  await login.login(name); // a new id, so that whoever had put theirs into this browser has nothing; and whose it is, for "sign out everywhere"
  login.set('name', name).set('signedInAt', new Date());
  login.delete('formToken'); // the next page makes a new one
  cart.addFlash(`Welcome, ${name}.`);
  return '/';
}

function signOut({ login, cart }: Visit): string {
  login.logout(); // copies of the cookie are worth nothing now
  cart.addFlash('You are signed out.');
  return '/';
}

async function signOutEverywhere({ login, cart, stores: { logins } }: Visit): Promise<string> {
  if (login.subject !== undefined) await logins.revokeAll(login.subject);
  login.logout();
  cart.addFlash('You are signed out in every browser.');
  return '/';
}

function addToCart({ cart }: Visit, form: URLSearchParams): string {
  const product = PRODUCTS.find(({ id }) => id === form.get('product'));
  if (product === undefined) return '/';
  // Not get and set: of two clicks at once the later save would be done again on what the earlier one left, so both count.
  cart.update('items', (items = new Map()) => withOneMore(items, product));
  cart.addFlash(`${product.name} is in your cart.`);
  return '/';
}

/** Changes both sessions: the one save of this request writes them together. */
function placeOrder({ login, cart }: Visit): string {
  const items = cart.get('items');
  if (items === undefined || !login.has('name')) {
    cart.addFlash('Sign in and put something into your cart first.', 'errors');
    return '/';
  }
  login.set('lastOrder', { placedAt: new Date(), total: totalOf(items) });
  cart.delete('items');
  cart.addFlash('Thank you for your order.');
  return '/';
}

/** What the three do is told in key-ring.ts. */
function changeKeys({ cart }: Visit, form: URLSearchParams): string {
  const change = form.get('change');
  if (change === 'rotate') ring.rotate();
  if (change === 'retire') ring.retireOld();
  if (change === 'replace') ring.replace();
  cart.addFlash('The keys are changed.'); // after "replace" nobody sees it: no key is left that opens the session it is in
  return '/keys';
}

listen(server);
