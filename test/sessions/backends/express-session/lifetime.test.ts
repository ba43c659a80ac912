/** How long sessions of express-session and @fastify/session last on our store, over real HTTP: what moves the end, and what starts one. */
import session from 'express-session';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import { type App, type CommonOptions, expressApp, frameworks, hold, look, set } from './support/apps.ts';
import { keys, type SeenBackend, seen } from './support/seen-backend.ts';

const DAY = 86_400;
const START = Date.UTC(2030, 0);

describe.each(frameworks)('$name on toExpressStore()', ({ open }) => {
  let backend: SeenBackend;
  let app: App;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    backend = seen();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await app.close();
  });

  const start = async (options: CommonOptions = {}) => {
    app = await open(backend, options);
    return app.visitor();
  };

  it('writes nothing for a request that reads, but moves the end where it is to roll', async () => {
    const visitor = await start({ rolling: true, maxAge: 60_000 });
    await set(visitor, { n: 1 });
    const before = await backend.only();
    expect(before?.expiresAt).toBe(START / 1000 + 60);
    vi.setSystemTime(START + 30_000);
    await look(visitor);
    expect(backend.changes).toStrictEqual(['set', 'set']);
    const after = await backend.only();
    expect(after?.expiresAt).toBe(START / 1000 + 90);
    expect(after?.version).not.toBe(before?.version);
    vi.setSystemTime(START + 30_010); // a page that asks for much at once
    await look(visitor);
    expect(backend.changes).toHaveLength(2);
  });

  it('keeps a session for as long as requests come, and no longer', async () => {
    const visitor = await start({ rolling: true, maxAge: 60_000 });
    await set(visitor, { n: 1 });
    for (let request = 1; request <= 5; request++) {
      vi.setSystemTime(START + request * 50_000);
      expect(await look(visitor)).toStrictEqual({ n: 1 });
    }
    vi.setSystemTime(START + 5 * 50_000 + 60_000);
    expect(await look(visitor)).toStrictEqual({});
  });

  it('keeps a session that ends with the browser for a day', async () => {
    const visitor = await start();
    await set(visitor, { n: 1 });
    expect((await backend.only())?.expiresAt).toBe(START / 1000 + DAY);
    vi.setSystemTime(START + DAY * 1000 - 1);
    expect(await look(visitor)).toStrictEqual({ n: 1 });
  });

  it.each([true, false])(
    'remembers the lifetime that one request gives it, changing nothing else (%s)',
    async (alone) => {
      const visitor = await start({ rolling: true, maxAge: 60_000 });
      await set(visitor, { n: 1 });
      const slow = hold(visitor, ({ session }) => session['n']); // with the lifetime of before
      await slow.isHeld;
      await visitor.copy().visit(({ session }) => {
        session.cookie.maxAge = 30 * DAY * 1000;
        if (!alone) session['n'] = 2;
      });
      expect((await backend.only())?.expiresAt).toBe(START / 1000 + 30 * DAY);
      vi.setSystemTime(START + 1000);
      await slow.letGo();
      expect((await backend.only())?.expiresAt).toBeGreaterThanOrEqual(START / 1000 + 30 * DAY);
      vi.setSystemTime(START + DAY * 1000);
      const { body } = await visitor.visit(({ session }) => session.cookie.originalMaxAge);
      expect(body).toBe(30 * DAY * 1000);
      expect((await backend.only())?.expiresAt).toBe(START / 1000 + 31 * DAY);
    },
  );

  it.each([true, false])('has a record for who only looks, if saveUninitialized is %s', async (saveUninitialized) => {
    const visitor = await start({ saveUninitialized });
    expect(await look(visitor)).toStrictEqual({});
    expect(await backend.count()).toBe(saveUninitialized ? 1 : 0);
    expect(visitor.cookie !== '').toBe(saveUninitialized);
    await set(visitor, { n: 1 });
    expect(await look(visitor)).toStrictEqual({ n: 1 });
    expect(await backend.count()).toBe(1);
  });
});

describe('express-session on toExpressStore()', () => {
  it('moves the end for a request that reads, without resave and rolling', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const backend = seen();
    const store = toExpressStore(backend, { keys, Store: session.Store });
    const app = await expressApp({ store, resave: false, saveUninitialized: false, cookie: { maxAge: 60_000 } });
    const visitor = app.visitor();
    await set(visitor, { n: 1 });
    vi.setSystemTime(START + 1000);
    await look(visitor);
    expect(backend.changes).toStrictEqual(['set', 'set']);
    expect((await backend.only())?.expiresAt).toBe(START / 1000 + 61);
    vi.useRealTimers();
    await app.close();
  });
});
