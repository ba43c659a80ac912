/** What applications of express-session and @fastify/session do with their sessions, on our store, over real HTTP. */
import session from 'express-session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import {
  type App,
  type AppRequest,
  type AppSession,
  type CommonOptions,
  contentsOf,
  expressApp,
  finished,
  frameworks,
  hold,
  look,
  set,
} from './support/apps.ts';
import { keys, type SeenBackend, seen } from './support/seen-backend.ts';

describe.each(frameworks)('$name on toExpressStore()', ({ open }) => {
  let backend: SeenBackend;
  let app: App;
  beforeEach(() => {
    backend = seen();
  });
  afterEach(() => app.close());

  const start = async (options: CommonOptions = {}) => {
    app = await open(backend, options);
    return app.visitor();
  };

  it('gives a session back as it was set, and no key of ours in it', async () => {
    const visitor = await start();
    const cart = { items: [{ id: 7, price: 1.5 }], at: new Date(5), none: null };
    await set(visitor, { cart, 'a "key"': '' });
    await set(visitor, { user: 'ann' });
    const expected = { cart: JSON.parse(JSON.stringify(cart)), 'a "key"': '', user: 'ann' };
    expect(await look(visitor)).toStrictEqual(expected);
    expect(backend.changes).toStrictEqual(['set', 'set']);
  });

  it('merges what two requests set, change and delete under different keys', async () => {
    const visitor = await start();
    await set(visitor, { kept: 1, changed: 1, deleted: 1 });
    const slow = hold(visitor, ({ session }) => {
      delete session['deleted'];
      session['mine'] = 'slow';
    });
    await slow.isHeld;
    await set(visitor, { changed: 2, theirs: 'quick' });
    await slow.letGo();
    expect(await look(visitor)).toStrictEqual({ kept: 1, changed: 2, theirs: 'quick', mine: 'slow' });
  });

  it('lets the one that saves last win where both changed one key, nested or not', async () => {
    const visitor = await start();
    await set(visitor, { flash: ['first'], profile: { name: 'ann', age: 1 } });
    const slow = hold(visitor, ({ session }) => {
      push(session, 'flash', 'slow');
      session['profile'] = { name: 'ann', age: 2 };
    });
    await slow.isHeld;
    await visitor.copy().visit(({ session }) => {
      push(session, 'flash', 'quick');
      session['profile'] = { name: 'bob', age: 1 };
    });
    await slow.letGo();
    expect(await look(visitor)).toStrictEqual({ flash: ['first', 'slow'], profile: { name: 'ann', age: 2 } });
  });

  it('hands flash messages on, and takes them once', async () => {
    const visitor = await start();
    await visitor.visit(({ session }) => push(session, 'flash', 'saved'));
    await visitor.visit(({ session }) => push(session, 'flash', 'sent'));
    const take = ({ session }: AppRequest) => {
      const { flash } = session;
      delete session['flash'];
      return flash;
    };
    expect((await visitor.visit(take)).body).toStrictEqual(['saved', 'sent']);
    expect((await visitor.visit(take)).body).toBeNull();
  });

  it('logs in with regenerate: another id, without the old contents; the old id opens nothing', async () => {
    const visitor = await start();
    await set(visitor, { cart: 1 });
    const before = visitor.copy();
    await visitor.visit(async (request) => {
      await finished((done) => request.session.regenerate(done));
      request.session['user'] = 'ann';
    });
    expect(visitor.cookie).not.toBe(before.cookie);
    expect(await look(visitor)).toStrictEqual({ user: 'ann' });
    expect(await look(before)).toStrictEqual({});
    expect(await backend.count()).toBe(1);
  });

  it('keeps what is copied from the old session to the regenerated one, and each save of it', async () => {
    const visitor = await start();
    await set(visitor, { cart: 1, gone: 1 });
    await visitor.visit(async (request) => {
      const { cookie: _, ...old } = request.session;
      await finished((done) => request.session.regenerate(done));
      Object.assign(request.session, old, { user: 'ann' });
      await finished((done) => request.session.save(done));
      delete request.session['gone'];
    });
    expect(await look(visitor)).toStrictEqual({ cart: 1, user: 'ann' });
  });

  it('saves several times in one request, and keeps what another wrote between', async () => {
    const visitor = await start();
    await set(visitor, { one: 1, two: 1 });
    const other = visitor.copy();
    await visitor.visit(async (request) => {
      const save = () => finished((done) => request.session.save(done));
      request.session['one'] = 2;
      await save();
      await set(other, { two: 2, three: 3 });
      request.session['four'] = 4;
      await save();
      await set(other, { five: 5, one: 9 });
      delete request.session['two'];
      await save();
      request.session['six'] = 6;
    });
    expect(await look(visitor)).toStrictEqual({ one: 9, three: 3, four: 4, five: 5, six: 6 });
  });

  it('saves twice at once what is new, and what is not', async () => {
    const visitor = await start();
    const saveTwice = (key: string) => async (request: AppRequest) => {
      request.session[key] = 1;
      const first = finished((done) => request.session.save(done));
      request.session[key] = 2;
      await Promise.all([first, finished((done) => request.session.save(done))]);
    };
    await visitor.visit(saveTwice('a'));
    await visitor.visit(saveTwice('b'));
    expect(await look(visitor)).toStrictEqual({ a: 2, b: 2 });
  });

  it('goes on from what is there after a reload', async () => {
    const visitor = await start();
    await set(visitor, { one: 1, two: 1 });
    const { body } = await visitor.visit(async (request) => {
      request.session['dropped'] = 'by the reload';
      await set(visitor.copy(), { one: 2 });
      await finished((done) => request.session.reload(done));
      const reloaded = contentsOf(request.session);
      delete request.session['two'];
      return reloaded;
    });
    expect(body).toStrictEqual({ one: 2, two: 1 });
    expect(await look(visitor)).toStrictEqual({ one: 2 });
  });

  it('ends a session for good: also the one who ends it cannot save it again', async () => {
    const visitor = await start({ rolling: true });
    await set(visitor, { n: 1 });
    const slow = hold(visitor, ({ session }) => {
      session['late'] = 1;
    });
    await slow.isHeld;
    const { status, body } = await visitor.copy().visit(async (request) => {
      const { session } = request;
      await finished((done) => session.destroy(done));
      session['n'] = 2;
      await finished((done) => session.save(done));
      return 'bye';
    });
    expect([status, body]).toStrictEqual([200, 'bye']);
    await slow.letGo();
    expect(await backend.count()).toBe(0);
    expect(await look(visitor)).toStrictEqual({});
  });

  it('answers with an error while the backend is broken, and goes on after it', async () => {
    const visitor = await start();
    await set(visitor, { n: 1 });
    backend.fail.get = new Error('the disk is full');
    const { status, body } = await visitor.copy().visit(({ session }) => contentsOf(session));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).toContain('Cannot reach the session records');
    delete backend.fail.get;
    expect(await look(visitor)).toStrictEqual({ n: 1 });
  });
});

describe('express-session on toExpressStore()', () => {
  let app: App;
  afterEach(() => app.close());

  it.each([
    { unset: 'destroy' as const, left: 0 },
    { unset: 'keep' as const, left: 1 },
  ])('does with a session that is set to null as unset: $unset says', async ({ unset, left }) => {
    const backend = seen();
    const store = toExpressStore(backend, { keys, Store: session.Store });
    app = await expressApp({ store, unset, resave: false, saveUninitialized: false });
    const visitor = app.visitor();
    await set(visitor, { n: 1 });
    await visitor.visit((request) => request.assign(null));
    expect(await backend.count()).toBe(left);
  });
});
function push(session: AppSession, key: string, item: string): void {
  const items = session[key];
  session[key] = [...(Array.isArray(items) ? items : []), item];
}
