/** Sessions that are typed and validated. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { Browser, clock, kinds, secret } from '../support.ts';

const schema = z.object({ userId: z.string(), cart: z.map(z.string(), z.number()) }).partial();

describe.each(kinds)('defineSession(), %s store', (kind) => {
  it('gives a typed session under one name', async () => {
    const login = defineSession({ store: kind.create(), name: 'login', schema, maxAge: 604_800, idleTimeout: 1800 });
    const browser = new Browser();
    await browser.visit(async (request) => {
      const session = await login.get(request);
      expect(await login.get(request)).toBe(session);
      session.set('cart', new Map([['apple', 3]]));
      return save(request, new Response());
    });
    const session = await login.get(browser.request());
    const cart: Map<string, number> | undefined = session.get('cart');
    expect(cart).toStrictEqual(new Map([['apple', 3]]));
    expect(session.expiresAt).toBe(clock.now() + 1800);
    // @ts-expect-error: no such key
    session.get('nothing');
    // @ts-expect-error: not a string
    expect(() => session.set('userId', 7)).not.toThrow();
  });

  it('refuses what does not fit, as invalid, and starts afresh', async () => {
    const store = kind.create();
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'login')).set('userId', 7).set('other', true);
      return save(request, new Response());
    });
    const login = defineSession({ store, name: 'login', schema });
    await browser.visit(async (request) => {
      const session = await login.get(request);
      expect(session).toMatchObject({ rejected: 'invalid', isNew: true, size: 0 });
      const response = await save(request, new Response());
      expect(response.headers.getSetCookie()).toStrictEqual([]);
      return response;
    });
    await browser.visit(async (request) => {
      (await login.get(request)).set('userId', 'u7');
      return save(request, new Response());
    });
    const session = await login.get(browser.request());
    expect(session.rejected).toBeUndefined();
    expect([...session.entries()]).toStrictEqual([['userId', 'u7']]);
  });

  it('migrates older shapes, and writes them only with the next change', async () => {
    const store = kind.create();
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'login')).set('user', 'u7').set('kept', 1);
      return save(request, new Response());
    });
    const login = defineSession({
      store,
      name: 'login',
      schema: z.strictObject({ userId: z.string(), visits: z.number().default(0) }),
      migrate: (old) => ({ userId: old['user'] }),
    });
    const writes = kind.writes();
    await browser.visit(async (request) => {
      const session = await login.get(request);
      expect(session.isNew).toBe(false);
      expect([...session.entries()]).toStrictEqual([
        ['userId', 'u7'],
        ['visits', 0],
      ]);
      return save(request, new Response());
    });
    expect(kind.writes()).toBe(writes);
    await browser.visit(async (request) => {
      (await login.get(request)).update('visits', (n = 0) => n + 1);
      return save(request, new Response());
    });
    expect([...(await store.get(browser.request(), 'login')).entries()]).toStrictEqual([
      ['userId', 'u7'],
      ['visits', 1],
    ]);
  });
});

describe('defineSession()', () => {
  const store = cookieStore({ keys: [secret(1)] });
  it.each([
    [{ name: 'a' }, /"store" expected a store, got undefined/],
    [{ store, name: 'a', schema: {} }, /"schema" expected a Standard Schema/],
    [{ store, name: 'a', maxAge: 'x' }, /"maxAge" expected seconds/],
    [{ store, name: 'a', ttl: 1 }, /defineSession\(\) has no option "ttl"/],
  ])('refuses %j', (definition, message) => {
    expect(() => Reflect.apply(defineSession, undefined, [definition])).toThrow(message);
  });

  it('refuses a schema that is asynchronous', async () => {
    const slow = defineSession({ store, name: 'a', schema: z.object({}).refine(async () => true) });
    const browser = new Browser();
    await browser.visit(async (request) => {
      (await store.get(request, 'a')).set('a', 1);
      return save(request, new Response());
    });
    await expect(slow.get(browser.request())).rejects.toThrow();
  });
});
