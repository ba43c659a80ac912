/** Sessions that are named, typed and validated once. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { SessionOf } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import type { DefinedSession } from '../../../packages/sessions/src/store/define.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import type { StoreWithCore } from '../../../packages/sessions/src/store/store.ts';
import { browserWith, visit } from '../support/visit.ts';
import { Browser, clock, kinds, secret } from '../support.ts';

const schema = z.object({ userId: z.string(), cart: z.map(z.string(), z.number()) }).partial();

/** One request of a definition's session. @returns the Set-Cookie lines. */
async function visitOf<Values extends object>(
  defined: DefinedSession<Values>,
  browser: Browser,
  use: (session: SessionOf<Values>) => unknown,
): Promise<string[]> {
  const response = await browser.visit(async (request) => {
    await use(await defined.get(request));
    return save(request, new Response());
  });
  return response.headers.getSetCookie();
}

describe.each(kinds)('defineSession(), %s store', (kind) => {
  it('gives a typed session under one name, with its own lifetime', async () => {
    const login = defineSession({ store: kind.create(), name: 'login', schema, maxAge: 604_800, idleTimeout: 1800 });
    const browser = new Browser();
    const [line] = await visitOf(login, browser, (session) => session.set('cart', new Map([['apple', 3]])));
    expect(line).toMatch(/^__Host-login=.*; Max-Age=604800;/);
    const session = await login.get(browser.request());
    const cart: Map<string, number> | undefined = session.get('cart');
    expect(cart).toStrictEqual(new Map([['apple', 3]]));
    expect(session.expiresAt).toBe(clock.now() + 1800);
    expect([login.name, typeof login.store.revoke]).toStrictEqual(['login', 'function']);
  });

  it('gives the same session to who asks the store for its name, with the rules of the definition', async () => {
    const store = kind.create();
    const login = defineSession({ store, name: 'login', maxAge: 60, cookie: { sameSite: 'strict' } });
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'login');
    expect(await login.get(request)).toBe(session);
    expect(session.options).toMatchObject({ maxAge: 60, sameSite: 'strict' });
    session.set('n', 1);
    const [line] = (await save(request, new Response())).headers.getSetCookie();
    expect(line).toMatch(/Max-Age=60; .*SameSite=Strict/);
  });

  it('lets several names of one store have their own rules', async () => {
    const store = kind.create();
    const short = defineSession({ store, name: 'short', maxAge: 10 });
    const long = defineSession({ store, name: 'long', maxAge: 1000, cookie: { secure: false } });
    const browser = new Browser();
    await browser.visit(async (request) => {
      for (const defined of [short, long]) (await defined.get(request)).addFlash('x');
      return save(request, new Response());
    });
    expect([...browser.cookies.keys()]).toStrictEqual(['__Host-short', 'long']);
    clock.advance(10);
    const request = browser.request();
    expect([(await short.get(request)).rejected, (await long.get(request)).rejected]).toStrictEqual([
      'expired',
      undefined,
    ]);
  });

  it('rejects what does not fit, as invalid, and starts afresh', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { userId: 7, other: true }, 'login');
    const login = defineSession({ store: kind.create(), name: 'login', schema });
    const lines = await visitOf(login, browser, (session) => {
      expect(session).toMatchObject({ rejected: 'invalid', isNew: true, size: 0 });
    });
    expect(lines).toStrictEqual([]);
    await visitOf(login, browser, (session) => session.set('userId', 'u7'));
    const session = await login.get(browser.request());
    expect(session.rejected).toBeUndefined();
    expect([...session]).toStrictEqual([['userId', 'u7']]);
  });

  it('migrates a value that was only renamed, which a schema that is not strict takes for a missing one', async () => {
    const browser = await browserWith(kind.create(), { user: 'u7' }, 'login');
    const login = defineSession({
      store: kind.create(),
      name: 'login',
      schema: z.object({ userId: z.string() }),
      migrate: (old) => ({ userId: old['user'] }),
    });
    await visitOf(login, browser, (session) => expect([...session]).toStrictEqual([['userId', 'u7']]));
  });

  it('migrates older shapes, and writes them only with the next change', async () => {
    const browser = await browserWith(kind.create(), { user: 'u7', kept: 1 }, 'login');
    const store = kind.create();
    const login = defineSession({
      store,
      name: 'login',
      schema: z.strictObject({ userId: z.string(), visits: z.number().default(0) }),
      migrate: (old) => ({ userId: old['user'] }),
    });
    const writes = kind.writes();
    await visitOf(login, browser, (session) => {
      expect(session.isNew).toBe(false);
      expect(new Map(session)).toStrictEqual(
        new Map<string, unknown>([
          ['userId', 'u7'],
          ['visits', 0],
        ]),
      );
    });
    expect(kind.writes()).toBe(writes);
    await visitOf(login, browser, (session) => session.update('visits', (n = 0) => n + 1));
    const raw = await kind.create().get(browser.request(), 'login');
    expect(new Map(raw)).toStrictEqual(
      new Map<unknown, unknown>([
        ['userId', 'u7'],
        ['visits', 1],
      ]),
    );
  });

  it('opens a cookie only where "context" gives the same string', async () => {
    const store = kind.create();
    const tenant = defineSession({ store, name: 'tenant', context: (request: Request) => new URL(request.url).host });
    const browser = new Browser();
    const at = async (host: string) => await tenant.get(browser.request(`https://${host}/`));
    const request = browser.request('https://a.example/');
    (await tenant.get(request)).addFlash('x');
    browser.take(await save(request, new Response()));
    expect((await at('a.example')).rejected).toBeUndefined();
    expect(await at('b.example')).toMatchObject({ isNew: true, rejected: 'tampered' });
    const without = kind.create();
    expect((await without.get(browser.request(), 'tenant')).rejected).toBe('tampered');
  });
});

describe('defineSession()', () => {
  const store = cookieStore({ keys: [secret(1)] });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ name: 'a' }, /"store" expected a cookieStore\(\) or serverStore\(\), got undefined/],
    [{ store: {}, name: 'a' }, /"store" expected a cookieStore\(\) or serverStore\(\), got an object/],
    [{ store, name: 'a b' }, /^"name" expected/],
    [{ store }, /^"name" expected/],
    [{ store, name: 'a', schema: {} }, /"schema" expected a Standard Schema/],
    [{ store, name: 'a', schema: null }, /"schema" expected a Standard Schema/],
    [{ store, name: 'a', migrate: 1 }, /"migrate" expected a function/],
    [{ store, name: 'a', context: 'host' }, /"context" expected a function/],
    [{ store, name: 'a', maxAge: 'x' }, /"maxAge" expected seconds/],
    [{ store, name: 'a', cookie: { sameSite: 'none', secure: false } }, /"cookie.sameSite" expected/],
    [{ store, name: 'a', ttl: 1 }, /defineSession\(\) has no option "ttl"/],
  ])('throws for %o', (definition, message) => {
    expect(() => Reflect.apply(defineSession, undefined, [definition])).toThrow(message);
  });

  it('may be called again for a name, as when a module is loaded again: the last one counts', async () => {
    defineSession({ store, name: 'again', maxAge: 10 });
    const last = defineSession({ store, name: 'again', maxAge: 20 });
    expect((await last.get(new Request('https://example.org/'))).options.maxAge).toBe(20);
  });

  it('throws for a schema that is asynchronous, with words that say so', async () => {
    const slow = defineSession({ store, name: 'slow', schema: z.object({}).refine(async () => true) });
    await expect(slow.get(new Request('https://example.org/'))).rejects.toThrow();
    const promising = { '~standard': { version: 1, validate: async () => ({ value: {} }) } } as const;
    const slower = defineSession({ store, name: 'slower', schema: promising });
    await expect(slower.get(new Request('https://example.org/'))).rejects.toThrow(
      '"schema" expected one that validates synchronously',
    );
  });

  it.each([undefined, 7, null])('throws for a "context" that returns %s', async (given) => {
    // @ts-expect-error: what a program without types may pass
    const tenant = defineSession({ store, name: 'tenant', context: () => given });
    await expect(tenant.get(new Request('https://example.org/'))).rejects.toThrow(
      '"context" expected a function that returns a string',
    );
  });

  it('remembers any number of names that are defined, and few that are not', async () => {
    const many = cookieStore({ keys: [secret(1)] });
    const first = defineSession({ store: many, name: 'first', maxAge: 5 });
    for (let at = 0; at < 1000; at++) await many.get(new Request('https://example.org/'), `name-${at}`);
    expect((await first.get(new Request('https://example.org/'))).options.maxAge).toBe(5);
    const browser = await browserWith(many, { n: 1 }, 'name-0');
    await visit(many, browser, (session) => expect(session.get('n')).toBe(1), 'name-0');
  });
});

describe('a store of another copy of the package', () => {
  it('is accepted: it is known by a registered symbol, not by its class', () => {
    const symbol: unknown = Symbol.for('sealring.store');
    const store = cookieStore({ keys: [secret(1)] });
    const core: unknown = Reflect.get(store, symbol as keyof StoreWithCore);
    expect(core).toHaveProperty('define');
  });
});
