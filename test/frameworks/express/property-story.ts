/** `req.session` of sealring/express under Passport, connect-flash, csrf-sync and express-openid-connect as they are on npm. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { appOf, type Framework, type Served, type StoreKind, serve } from '../support/app.ts';
import { Visitor } from '../support/visitor.ts';

const STORES: readonly StoreKind[] = ['cookie', 'server'];

/** After `story()` of the same folder, which makes the project. */
export function propertyStory(framework: Framework): void {
  describe.each(STORES)(`${framework.folder}, req.session, %s store:`, (store) => {
    let served: Served;

    beforeAll(async () => {
      served = await serve(appOf(framework), framework, store);
    }, 120_000);
    afterAll(() => served?.stop());
    beforeEach(() => onTestFailed(() => console.log(served.output())));

    const visitor = () => new Visitor(served.url);
    const post = async (ada: Visitor, path: string, fields: Readonly<Record<string, string>> = {}) =>
      ada.send(path, { method: 'POST', body: new URLSearchParams(fields) });
    const page = async (ada: Visitor): Promise<unknown> => JSON.parse(await ada.text('/'));
    const logIn = (ada: Visitor, path = '/login', password = 'sesame') =>
      post(ada, path, { username: 'ada', password });
    const nobody = { errors: [], notes: [] };

    it('who only looks gets no cookie', async () => {
      const ada = visitor();
      const response = await ada.send('/token', { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(await page(visitor())).toEqual(nobody);
    });

    it('passport: login, under another id, without what the session had', async () => {
      const ada = visitor();
      await post(ada, '/count');
      const before = ada.copy();
      expect((await logIn(ada)).status).toBe(302);
      expect(await page(ada)).toEqual({ ...nobody, user: 'ada' });
      expect(ada.cookies.get('login')).not.toBe(before.cookies.get('login'));
      if (store === 'server') expect(await page(before)).toEqual(nobody);
    });

    it('passport: login with keepSessionInfo and returnTo', async () => {
      const ada = visitor();
      await post(ada, '/count');
      await post(ada, '/return-to');
      const before = ada.copy();
      expect((await logIn(ada, '/login/keep')).headers.get('location')).toBe('/token');
      expect(await page(ada)).toEqual({ ...nobody, user: 'ada', count: 1 });
      expect((await logIn(ada, '/login/keep')).headers.get('location')).toBe('/');
      if (store === 'server') expect(await page(before)).toEqual(nobody);
    });

    it('passport: a wrong password, with connect-flash', async () => {
      const ada = visitor();
      expect((await logIn(ada, '/login', 'wrong')).status).toBe(302);
      expect(await page(ada)).toEqual({ errors: ['Wrong password.'], notes: [] });
      expect(await page(ada)).toEqual(nobody);
      expect((await logIn(ada, '/login/keep', 'wrong')).status).toBe(401);
    });

    it('passport: logout ends the session, for copies of its cookie too', async () => {
      const ada = visitor();
      await logIn(ada);
      const thief = ada.copy();
      await post(ada, '/logout');
      expect(await page(ada)).toEqual(nobody);
      // What is only in a cookie opens until it expires: the docs say so, and what to do about it.
      expect(await page(thief)).toEqual(store === 'server' ? nobody : { ...nobody, user: 'ada' });
    });

    it('passport: a request that overlaps a logout does not undo it', async () => {
      const ada = visitor();
      await logIn(ada);
      const [inFlight, logout] = [ada.copy(), ada.copy()];
      await Promise.all([post(logout, '/logout'), post(inFlight, '/count')]);
      if (store === 'server') expect(await page(ada)).not.toHaveProperty('user');
    });

    it('connect-flash: several messages, once', async () => {
      const ada = visitor();
      await post(ada, '/note', { what: 'it' });
      expect(await page(ada)).toEqual({ errors: [], notes: ['Noted it', 'one', 'two'] });
      expect(await page(ada)).toEqual(nobody);
    });

    it('csrf-sync: a token of the session, until it is revoked', async () => {
      const ada = visitor();
      expect((await post(ada, '/protected')).status).toBe(403);
      const token = await ada.text('/token');
      expect(await ada.text('/token')).toBe(token);
      expect((await post(ada, '/protected', { token: 'another' })).status).toBe(403);
      expect((await post(visitor(), '/protected', { token })).status).toBe(403);
      expect((await post(ada, '/protected', { token })).status).toBe(200);
      expect(await (await post(ada, '/revoke')).text()).toBe('false');
      expect((await post(ada, '/protected', { token })).status).toBe(403);
    });

    it('express-openid-connect: login and logout, beside a session of ours', async () => {
      const ada = visitor();
      await post(ada, '/count');
      let response = await ada.send('/openid/login');
      for (let hops = 0; response.status === 302 && hops < 5; hops++) {
        const next = new URL(response.headers.get('location') ?? '', served.url);
        if (next.pathname === '/') break;
        response = await ada.send(next.href);
      }
      expect(response.status).toBe(302);
      expect(await page(ada)).toEqual({ ...nobody, count: 1, openid: 'grace', wasWith: 'the provider' });
      const thief = ada.copy();
      await ada.send('/openid/logout');
      expect(await page(ada)).toEqual({ ...nobody, count: 1, wasWith: 'the provider' });
      // Its own cookie holds its session, or its id: in a store of ours a logout ends it.
      if (store === 'server') expect(await page(thief)).not.toHaveProperty('openid');
    });

    it('nothing was lost without a word', () => {
      expect(served.output()).not.toMatch(/changed and not saved|ERR_|Unhandled|unhandled|Error/);
    });
  });
}
