/** The session layer on each engine's own Request and Response: a login over several requests, in both kinds of store, and odd responses. */
import {
  cookieStore,
  memory,
  type Session,
  type Store,
  type StoreOptions,
  save,
  serverStore,
  withSessions,
} from 'sealring';
import { now, secret } from '../codec/support.ts';
import { type Check, expectCode, expectSame } from './expect.ts';

const kinds = { cookie: cookieStore, server: serverStore };

/** Made while the module is loaded, as in applications: Workers have no random bytes, no timers and no I/O then. */
const early = [
  cookieStore({ keys: [secret(1)], now: () => now, revocations: memory({ now: () => now }) }),
  serverStore({ keys: [secret(1)], now: () => now, backend: memory({ now: () => now }) }),
];

export function sessionChecks(): Check[] {
  const both: Record<string, (kind: keyof typeof kinds) => Promise<void>> = {
    'a login, from the first request to the logout': login,
    'every refusal has its reason': rejections,
    'who only reads writes nothing': reading,
    'Response.redirect() carries the cookie': redirect,
    'a 304 and a 204 carry the cookie': withoutBody,
    'a streamed body stays whole': streamed,
    'several sessions at once, and the cookies of others': several,
  };
  const names = ['cookie', 'server'] as const;
  return [
    ...names.flatMap((kind) =>
      Object.entries(both).map(([name, check]): Check => [`${kind} store: ${name}`, () => check(kind)]),
    ),
    ['stores that were made while the module was loaded', loadedEarly],
    ['cookie store: a large session over several cookies, or an error', chunks],
    ['server store: two requests at once lose nothing', concurrent],
  ];
}

/** A store with a fixed key and a clock that stands still; each with a memory of its own. */
function makeStore(kind: keyof typeof kinds, options: Partial<StoreOptions> = {}): Store {
  const shared = { keys: [secret(1)], now: () => now, ...options };
  return kind === 'cookie' ? cookieStore(shared) : serverStore({ ...shared, backend: memory({ now: () => now }) });
}

/** A user agent: sends the cookies that it was given. */
class Visitor {
  readonly cookies = new Map<string, string>();

  request(): Request {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    return new Request('https://example.org/', { headers: { cookie } });
  }

  /** One request for session "a"; @returns the response, after its cookies were taken. */
  async visit(store: Store, handle: (session: Session) => unknown, answer?: () => Response): Promise<Response> {
    const handler = withSessions(async (request) => {
      await handle(await store.get(request, 'a'));
      return answer?.() ?? new Response('ok');
    });
    const response = await handler(this.request());
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

async function login(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  const visitor = new Visitor();
  const cart = new Map<unknown, unknown>([
    ['apple', 2],
    [7, new Date(0)],
  ]);
  let id = '';
  const first = await visitor.visit(store, (session) => {
    expectSame([session.isNew, session.size, session.rejected], [true, 0, undefined]);
    session
      .set('user', { name: 'Zoë', id: 2n ** 64n })
      .set(42, 43)
      .set('cart', cart);
    session.addFlash('Welcome');
    id = session.id;
  });
  expectSame(first.headers.getSetCookie().length, 1);
  expectSame(/^__Host-a=.*HttpOnly/i.test(first.headers.getSetCookie()[0] ?? ''), true);
  expectSame(
    [first.headers.get('cache-control'), first.headers.get('vary'), await first.text()],
    ['no-store', 'Cookie', 'ok'],
  );
  await visitor.visit(store, async (session) => {
    expectSame(
      [...session.entries()],
      [
        ['user', { name: 'Zoë', id: 2n ** 64n }],
        [42, 43],
        ['cart', cart],
      ],
    );
    expectSame([session.isNew, session.id, session.flashes()], [false, id, ['Welcome']]);
    const kept = session.get('cart');
    if (kept instanceof Map) kept.set('pear', 1); // in place: must be noticed
    session.update('visits', (visits = 0) => visits + 1);
    await session.login('u_7');
  });
  const before = visitor.request();
  const last = await visitor.visit(store, (session) => {
    expectSame([session.id === id, session.subject, session.get('visits')], [false, 'u_7', 1]);
    expectSame(session.get('cart'), new Map([...cart, ['pear', 1]]));
    expectSame(session.flashes(), []);
    session.logout();
  });
  expectSame(/^__Host-a=; .*Max-Age=0/i.test(last.headers.getSetCookie()[0] ?? ''), true);
  expectSame(visitor.cookies.size, 0);
  const late = await store.get(before, 'a');
  expectSame(late.rejected, kind === 'server' ? 'gone' : undefined);
}

async function rejections(kind: keyof typeof kinds): Promise<void> {
  let time = now;
  const told: string[] = [];
  const store = makeStore(kind, { now: () => time, maxAge: 100, onReject: (reason) => void told.push(reason) });
  const visitor = new Visitor();
  const stranger = new Visitor();
  await visitor.visit(store, (session) => session.set('a', 1));
  await stranger.visit(makeStore(kind, { keys: [secret(2)] }), (session) => session.set('a', 1));
  const value = visitor.cookies.get('__Host-a') ?? '';
  const changed = `${value.slice(0, 60)}${value[60] === 'A' ? 'B' : 'A'}${value.slice(61)}`;
  const presented = ['junk!', `I${value.slice(1)}`, changed, stranger.cookies.get('__Host-a')];
  const reasons = ['malformed', 'version', 'tampered', 'unknown-key'];
  for (const [at, cookie] of presented.entries()) {
    const request = new Request('https://example.org/', { headers: { cookie: `__Host-a=${cookie}` } });
    const { isNew, rejected } = await store.get(request, 'a');
    expectSame([isNew, rejected], [true, reasons[at]]);
  }
  time += 101;
  const { rejected } = await store.get(visitor.request(), 'a');
  expectSame(rejected === 'expired' || rejected === 'gone', true);
  expectSame(told, [...reasons, rejected]);
}

async function reading(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  const visitor = new Visitor();
  await visitor.visit(store, (session) => session.set('deep', [{ a: 1 }]));
  const read = (session: Session) => session.get('deep');
  const given = new Response('read', { headers: { vary: 'Accept' } });
  const response = await visitor.visit(store, read, () => given);
  expectSame([...response.headers.getSetCookie(), response.headers.get('cache-control')], [null]);
  expectSame([response.headers.get('vary'), given.headers.get('vary')], ['Accept, Cookie', 'Accept']);
  const varying = new Response('read', { headers: { vary: 'Cookie' } });
  expectSame((await visitor.visit(store, read, () => varying)) === varying, true);
}

async function redirect(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  const visitor = new Visitor();
  const answer = () => Response.redirect('https://example.org/next', 303); // its headers cannot be changed
  const response = await visitor.visit(store, (session) => session.set('a', 1), answer);
  expectSame([response.status, response.headers.get('location')], [303, 'https://example.org/next']);
  await visitor.visit(store, (session) => expectSame(session.get('a'), 1));
}

async function withoutBody(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  for (const status of [304, 204]) {
    const visitor = new Visitor();
    const answer = () => new Response(null, { status, headers: { etag: '"x"' } });
    const response = await visitor.visit(store, (session) => session.set('a', status), answer);
    expectSame([response.status, response.headers.get('etag'), response.body], [status, '"x"', null]);
    await visitor.visit(store, (session) => expectSame(session.get('a'), status));
  }
}

async function streamed(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  const body = new ReadableStream({
    start(controller) {
      for (const part of ['one ', 'two ', 'drei…']) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const response = await new Visitor().visit(
    store,
    (session) => session.set('a', 1),
    () => new Response(body, { status: 201 }),
  );
  expectSame(
    [response.status, response.headers.getSetCookie().length, await response.text()],
    [201, 1, 'one two drei…'],
  );
}

async function several(kind: keyof typeof kinds): Promise<void> {
  const store = makeStore(kind);
  const other = makeStore('cookie', { keys: [secret(3)] });
  const request = new Request('https://example.org/');
  const [cart, same, user] = await Promise.all([
    store.get(request, 'cart'),
    store.get(request, 'cart'),
    other.get(request, 'user'),
  ]);
  expectSame(cart === same, true);
  cart.set('a', 1);
  user.set('b', 2);
  const response = new Response('ok');
  response.headers.append('set-cookie', 'theirs=1; Path=/');
  response.headers.append('set-cookie', 'dated=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT');
  const saved = await save(request, await save(request, response)); // the second replaces what the first set
  const names = saved.headers.getSetCookie().map((line) => line.split('=')[0]);
  expectSame(names, ['theirs', 'dated', '__Host-cart', '__Host-user']);
}

async function loadedEarly(): Promise<void> {
  for (const store of early) {
    const visitor = new Visitor();
    await visitor.visit(store, (session) => session.set('a', 1));
    await visitor.visit(store, (session) => expectSame(session.get('a'), 1));
  }
}

async function chunks(): Promise<void> {
  const essay = 'é'.repeat(3000);
  const strict = makeStore('cookie');
  await expectCode(
    () => new Visitor().visit(strict, (session) => session.set('essay', essay)),
    'ERR_SESSION_TOO_LARGE',
  );
  const generous = cookieStore({ keys: [secret(1)], now: () => now, chunks: 3 });
  const visitor = new Visitor();
  await visitor.visit(generous, (session) => session.set('essay', essay));
  expectSame([...visitor.cookies.keys()], ['__Host-a', '__Host-a.1']);
  await visitor.visit(generous, (session) => expectSame(session.get('essay'), essay));
}

async function concurrent(): Promise<void> {
  const store = makeStore('server');
  const visitor = new Visitor();
  await visitor.visit(store, (session) => session.set('n', 0));
  const names = ['x', 'y', 'z'];
  let loaded = 0;
  let start = () => {};
  const allLoaded = new Promise<void>((resolve) => (start = resolve));
  const add = (name: string) =>
    visitor.visit(store, async (session) => {
      if (++loaded === names.length) start();
      await allLoaded; // before the first saves
      session.update('n', (n = 0) => n + 1);
      session.set(name, true).addFlash(name);
    });
  await Promise.all(names.map(add));
  await visitor.visit(store, (session) => {
    expectSame([session.get('n'), session.has('x'), session.has('y'), session.has('z')], [3, true, true, true]);
    expectSame(session.flashes().length, 3);
  });
}
