/** `req.session` of sealring/express: what express-session's users and middleware expect of it, and what is underneath. */
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { sessions } from '../../../packages/sessions/src/adapters/express.ts';
import { type AnySession, type Handler, KINDS, serve } from './property-server.ts';

const show: Handler = (req, res) => res.end(JSON.stringify(req.session && { ...req.session, cookie: undefined }));
const end = (text = '') => ((_, res) => res.end(text)) satisfies Handler;
/** A handler that answers with what it returns. */
const returns =
  (act: (session: AnySession) => unknown): Handler =>
  async (req, res) => {
    const result = await act(req.session);
    res.end(typeof result === 'string' ? result : JSON.stringify(result));
  };
const counting = returns((session) => (session['count'] = Number(session['count'] ?? 0) + 1));

describe.each(KINDS)('req.session, %s store:', (kind) => {
  it('is there before the handlers, and a visitor who only looks gets no cookie', async () => {
    const app = await serve(
      kind,
      returns((session) => [Object.keys(session), typeof session.id]),
    );
    const { text, setCookies } = await app.visitor().get();
    expect(JSON.parse(text)).toEqual([['cookie'], 'string']);
    expect(setCookies).toEqual([]);
    expect(app.writes).toEqual([]);
  });

  it('keeps what is assigned, changed in place and deleted', async () => {
    const app = await serve(
      kind,
      returns((session) => {
        session['user'] = 'ada';
        session['cart'] = { items: [1] };
        session['gone'] = 1;
      }),
      returns((session) => {
        (session['cart'] as { items: number[] }).items.push(2);
        delete session['gone'];
        session['none'] = undefined;
      }),
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    await ada.get('/b');
    expect(JSON.parse((await ada.get('/c')).text)).toEqual({ user: 'ada', cart: { items: [1, 2] } });
  });

  it('keeps what is changed in an object after it was assigned', async () => {
    const app = await serve(
      kind,
      returns((session) => {
        const flash: Record<string, unknown> = (session['flash'] = (session['flash'] as Record<string, unknown>) ?? {});
        flash['error'] = ['no'];
      }),
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    expect(JSON.parse((await ada.get('/b')).text)).toEqual({ flash: { error: ['no'] } });
  });

  it('writes nothing where what is there is assigned again', async () => {
    const app = await serve(
      kind,
      counting,
      returns((session) => {
        session['count'] = 1;
        const same = session['count'];
        session['count'] = same;
      }),
    );
    const ada = app.visitor();
    await ada.get('/a');
    const before = app.writes.length;
    expect((await ada.get('/b')).setCookies).toEqual([]);
    expect(app.writes.length).toBe(before);
  });

  it('is the same session as the definition gives', async () => {
    const app = await serve(kind, async (req, res) => {
      const session = await app.definition.get(req);
      req.session['one'] = 1;
      session.set('two', 2);
      res.end(JSON.stringify([session.get('one'), req.session['two'], session.id === req.sessionID, req.session.id]));
    });
    const [one, two, isSame] = JSON.parse((await app.visitor().get()).text);
    expect([one, two, isSame]).toEqual([1, 2, true]);
  });

  it('save() saves at once, and the request goes on with the same objects', async () => {
    const app = await serve(
      kind,
      async (req, res) => {
        const cart = (req.session['cart'] = { items: [1] });
        const before = app.writes.length;
        await req.session.save();
        if (kind !== 'cookie') expect(app.writes.length).toBe(before + 1);
        cart.items.push(2);
        req.session['more'] = true;
        expect(req.session['cart']).toBe(cart);
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    expect((await ada.get('/a')).setCookies).toHaveLength(1);
    expect(JSON.parse((await ada.get('/b')).text)).toEqual({ cart: { items: [1, 2] }, more: true });
  });

  it('save() and nothing more writes once', async () => {
    const app = await serve(kind, async (req, res) => {
      req.session['count'] = 1;
      await req.session.save();
      res.end();
    });
    await app.visitor().get();
    expect(app.writes).toEqual(kind === 'cookie' ? [] : ['set']);
  });

  it('save() is waited for by the response, and takes assignments meanwhile', async () => {
    const app = await serve(
      kind,
      (req, res) => {
        req.session['one'] = 1;
        void req.session.save();
        req.session['two'] = 2;
        expect({ ...req.session, cookie: undefined }).toEqual({ one: 1, two: 2, cookie: undefined });
        delete req.session['one'];
        expect('one' in req.session).toBe(false);
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    expect(JSON.parse((await ada.get('/b')).text)).toEqual({ two: 2 });
  });

  it('calls back, each method', async () => {
    const app = await serve(kind, counting, (req, res) => {
      req.session.save((saveError) =>
        req.session.reload((reloadError) =>
          req.session.touch().regenerate((regenerateError) =>
            req.session.destroy((destroyError) => {
              res.end(JSON.stringify([saveError, reloadError, regenerateError, destroyError, typeof req.session]));
            }),
          ),
        ),
      );
    });
    const ada = app.visitor();
    await ada.get('/a');
    expect(JSON.parse((await ada.get('/b')).text)).toEqual([null, null, null, null, 'undefined']);
    expect(ada.cookies.size).toBe(0);
  });

  it('regenerate() leaves nothing but another id; the object before keeps what it had', async () => {
    const app = await serve(
      kind,
      counting,
      async (req, res) => {
        const before = req.session;
        const { id } = before;
        await req.session.regenerate();
        expect(req.session).not.toBe(before);
        expect(req.session.id).not.toBe(id);
        expect(before.id).toBe(id);
        expect(req.session['count']).toBeUndefined();
        expect(before['count']).toBe(1);
        expect(() => (before['count'] = 2)).toThrow(expect.objectContaining({ code: 'ERR_SESSION_DESTROYED' }));
        await expect(before.save()).rejects.toMatchObject({ code: 'ERR_SESSION_DESTROYED' });
        for (const name in before) if (name !== 'cookie') req.session[name] = before[name];
        req.session['user'] = 'ada';
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    const thief = ada.copy();
    await ada.get('/b');
    expect(JSON.parse((await ada.get('/c')).text)).toEqual({ count: 1, user: 'ada' });
    if (kind !== 'cookie') expect(JSON.parse((await thief.get('/c')).text)).toEqual({});
  });

  it('regenerate() and nothing more ends the session', async () => {
    const app = await serve(
      kind,
      counting,
      returns((session) => session.regenerate()),
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    const thief = ada.copy();
    await ada.get('/b');
    expect(ada.cookies.size).toBe(0);
    if (kind !== 'cookie') expect(JSON.parse((await thief.get('/c')).text)).toEqual({});
  });

  it('regenerate() begins a lifetime, and drops whose session it was', async () => {
    const app = await serve(
      kind,
      async (req, res) => {
        const session = await app.definition.get(req);
        await session.login('ada');
        session.addFlash('hello');
        session.options.maxAge = 10_000;
        res.end();
      },
      async (req, res) => {
        await req.session.regenerate();
        req.session['count'] = 1;
        res.end();
      },
      async (req, res) => {
        const { subject, authenticatedAt, createdAt, options } = await app.definition.get(req);
        const flashes = (await app.definition.get(req)).flashes();
        res.end(JSON.stringify({ subject, authenticatedAt, createdAt, maxAge: options.maxAge, flashes }));
      },
    );
    const ada = app.visitor();
    await ada.get('/a');
    app.clock.advance(100);
    await ada.get('/b');
    expect(JSON.parse((await ada.get('/c')).text)).toEqual({ createdAt: app.clock.now(), maxAge: 3600, flashes: [] });
  });

  it('destroy() ends the session for everybody who has its cookie', async () => {
    const app = await serve(
      kind,
      counting,
      (req, res) => {
        const before = req.session;
        void before.destroy();
        expect(req.session).toBeUndefined();
        expect(req.sessionID).toBeUndefined();
        expect(before['count']).toBe(1);
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    const thief = ada.copy();
    await ada.get('/b');
    expect(ada.cookies.size).toBe(0);
    expect(JSON.parse((await thief.get('/c')).text)).toEqual(kind === 'cookie' ? { count: 1 } : {});
  });

  it.each([
    ['req.session = null', (req: { session?: unknown }) => (req.session = null)],
    ['req.session = undefined', (req: { session?: unknown }) => (req.session = undefined)],
    ['delete req.session', (req: { session?: unknown }) => delete req.session],
    ['cookie.maxAge = 0', ({ session }: { session: AnySession }) => (session.cookie.maxAge = 0)],
    ['cookie.expires in the past', ({ session }: { session: AnySession }) => (session.cookie.expires = new Date(0))],
  ])('%s logs out', async (_, leave) => {
    const app = await serve(kind, counting, (req, res) => {
      leave(req);
      res.end();
    });
    const ada = app.visitor();
    await ada.get('/a');
    const thief = ada.copy();
    await ada.get('/b');
    expect(ada.cookies.size).toBe(0);
    expect((await thief.get('/a')).text).toBe(kind === 'cookie' ? '2' : '1');
  });

  it('req.session = null while a save is under way logs out', async () => {
    const app = await serve(kind, counting, (req, res) => {
      req.session['count'] = 5;
      void req.session.save();
      Reflect.set(req, 'session', null);
      res.end();
    });
    const ada = app.visitor();
    await ada.get('/a');
    await ada.get('/b');
    expect(ada.cookies.size).toBe(0);
  });

  it('req.session = { … } has the new values, in the same session', async () => {
    const app = await serve(
      kind,
      counting,
      (req, res) => {
        const { id } = req.session;
        Reflect.set(req, 'session', { user: 'ada' });
        expect(req.session.id).toBe(id);
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    await ada.get('/b');
    expect(JSON.parse((await ada.get('/c')).text)).toEqual({ user: 'ada' });
  });

  it('reload() drops what was changed here, and has what others changed', async () => {
    const app = await serve(kind, counting, async (req, res) => {
      const before = req.session;
      req.session['count'] = 10;
      await req.session.reload();
      expect(req.session).not.toBe(before);
      expect(req.session.id).toBe(before.id);
      expect(before['count']).toBe(10);
      res.end(JSON.stringify(req.session['count']));
    });
    const ada = app.visitor();
    await ada.get('/a');
    expect((await ada.get('/b')).text).toBe('1');
    expect((await ada.get('/a')).text).toBe('2');
  });

  it('reload() of a session that is not saved yet fails, and the session stays', async () => {
    const app = await serve(kind, async (req, res) => {
      req.session['count'] = 1;
      await expect(req.session.reload()).rejects.toMatchObject({ code: 'ERR_SESSION_DESTROYED' });
      res.end(JSON.stringify(req.session['count']));
    });
    const ada = app.visitor();
    expect((await ada.get()).text).toBe('1');
    expect(ada.cookies.size).toBe(1);
  });

  it('cookie: milliseconds from now, remembered', async () => {
    const app = await serve(
      kind,
      returns(({ cookie }) => [cookie.maxAge, cookie.originalMaxAge, cookie.expires]),
      returns((session) => {
        session['count'] = 1;
        session.cookie.maxAge = 60_000;
      }),
      returns(({ cookie }) => (cookie.maxAge = null)),
      returns(({ cookie }) => (cookie.maxAge = 1e12)),
      returns(({ cookie }) => (cookie.expires = new Date((app.clock.now() + 90) * 1000))),
    );
    const ada = app.visitor();
    const look = async () => JSON.parse((await ada.get('/a')).text);
    const endsIn = (seconds: number) => new Date((app.clock.now() + seconds) * 1000).toISOString();
    expect(await look()).toEqual([3_600_000, 3_600_000, endsIn(3600)]);
    expect((await ada.get('/b')).setCookies[0]).toContain('Max-Age=60;');
    expect(await look()).toEqual([60_000, 60_000, endsIn(60)]);
    app.clock.advance(20);
    expect(await look()).toEqual([40_000, 60_000, endsIn(40)]);
    expect((await ada.get('/c')).setCookies[0]).not.toContain('Max-Age');
    expect(await look()).toEqual([null, null, null]);
    await ada.get('/d');
    expect((await look())[1]).toBe(34_560_000_000);
    await ada.get('/e');
    expect(await look()).toEqual([90_000, 110_000, endsIn(90)]);
  });

  it('cookie: attributes of this response', async () => {
    const app = await serve(kind, (req, res) => {
      const { cookie } = req.session;
      req.session['count'] = 1;
      Object.assign(cookie, { httpOnly: false, sameSite: true, path: '/', secure: false, domain: undefined });
      cookie.priority = 'high';
      expect(() => Object.assign(cookie, { path: '/admin' })).toThrow(TypeError);
      expect(() => Object.assign(cookie, { secure: true })).toThrow(TypeError);
      expect(() => Object.assign(cookie, { maxAge: '1' })).toThrow(TypeError);
      res.end(JSON.stringify(cookie));
    });
    const { text, setCookies } = await app.visitor().get();
    expect(setCookies[0]).toMatch(/; Path=\/; Priority=High; SameSite=Strict$/);
    expect(JSON.parse(text)).toMatchObject({
      httpOnly: false,
      sameSite: 'strict',
      path: '/',
      originalMaxAge: 3_600_000,
    });
  });

  it('cookie: how long another lasts can be taken over', async () => {
    const app = await serve(
      kind,
      returns((session) => {
        session['count'] = 1;
        session.cookie.maxAge = 60_000;
      }),
      async (req, res) => {
        const before = req.session;
        await req.session.regenerate();
        expect(req.session.cookie.originalMaxAge).toBe(3_600_000);
        Object.assign(req.session, before);
        res.end(JSON.stringify([req.session.cookie.maxAge, req.session['count']]));
      },
    );
    const ada = app.visitor();
    await ada.get('/a');
    expect((await ada.get('/b')).text).toBe('[60000,1]');
    expect((await ada.get('/b')).setCookies[0]).toContain('Max-Age=60;');
  });

  it('has no enumerable methods, and no value under their names', async () => {
    const app = await serve(
      kind,
      async (req, res) => {
        const session = await app.definition.get(req);
        session.set('save', 'a value').set('count', 1).set('__proto__', 2);
        const names: string[] = [];
        for (const name in req.session) names.push(name);
        expect(names.sort()).toEqual(['__proto__', 'cookie', 'count']);
        expect(typeof req.session.save).toBe('function');
        expect(() => Reflect.set(req.session, 'id', 'x')).toThrow(TypeError);
        expect(() => Reflect.set(req.session, 'destroy', true)).toThrow(TypeError);
        const { save } = req.session;
        let calls = 0;
        req.session.save = (callback) => {
          calls++;
          return save(callback);
        };
        await req.session.save();
        expect(calls).toBe(1);
        expect(Object.hasOwn(req.session, 'count')).toBe(true);
        expect(Object.hasOwn(req.session, 'none')).toBe(false);
        expect('toString' in req.session).toBe(true);
        res.end(inspect(req.session));
      },
      show,
    );
    expect((await app.visitor().get()).text).toContain('count: 1');
  });

  it('takes values of any name', async () => {
    const app = await serve(
      kind,
      returns((session) => {
        Reflect.set(session, 'constructor', 1);
        Reflect.set(session, '__proto__', { isAdmin: true });
        expect(session['isAdmin']).toBeUndefined();
        Object.defineProperty(session, 'defined', { value: 2, enumerable: true });
        Reflect.set(session, Symbol.for('x'), 1);
        expect(Reflect.get(session, Symbol.for('x'))).toBe(1);
      }),
      returns((session) => Object.entries(session).filter(([each]) => each !== 'cookie')),
    );
    const ada = app.visitor();
    await ada.get('/a');
    expect(JSON.parse((await ada.get('/b')).text)).toEqual(
      expect.arrayContaining([
        ['constructor', 1],
        ['__proto__', { isAdmin: true }],
        ['defined', 2],
      ]),
    );
  });

  it('what is assigned after the response is told of, and throws at nobody', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    let isDone: (() => void) | undefined;
    const done = new Promise<void>((resolve) => (isDone = resolve));
    const app = await serve(kind, (req, res) => {
      res.on('finish', () => {
        req.session['late'] = 1;
        expect(req.session['late']).toBe(1);
        isDone?.();
      });
      res.end();
    });
    await app.visitor().get();
    await done;
    expect(app.events).toContainEqual({ type: 'unsaved', name: 'login' });
  });

  it('a value that cannot be saved is an error at save(), and can be mended', async () => {
    const app = await serve(kind, async (req, res) => {
      req.session['helper'] = () => 1;
      await expect(req.session.save()).rejects.toMatchObject({ code: 'ERR_SEAL_TYPE_UNKNOWN' });
      req.session['helper'] = 'text';
      res.end('mended');
    });
    const ada = app.visitor();
    expect(await ada.get()).toMatchObject({ status: 200, text: 'mended' });
    expect(ada.cookies.size).toBe(1);
  });
});

describe('req.session', () => {
  it('requests that overlap keep each other’s changes', async () => {
    const app = await serve('network', counting, async (req, res) => {
      req.session[new URL(req.url ?? '', 'http://x').searchParams.get('key') ?? ''] = 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      res.end();
    });
    const ada = app.visitor();
    await ada.get('/a');
    await Promise.all(['x', 'y', 'z'].map((key) => ada.copy().get(`/b?key=${key}`)));
    const { text } = await ada.get('/a');
    expect(text).toBe('2');
    expect(app.events.filter(({ type }) => type === 'conflict').length).toBeGreaterThan(0);
    const all = await app.definition.get({ headers: { cookie: `login=${ada.cookies.get('login')}` } });
    expect([...all.keys()].sort()).toEqual(['count', 'x', 'y', 'z']);
  });

  it.each(['destroy', 'regenerate'] as const)('a request that overlaps %s() does not undo it', async (method) => {
    const app = await serve(
      'network',
      counting,
      returns((session) => session[method]()),
      async (req, res) => {
        req.session['late'] = 1;
        await new Promise((resolve) => setTimeout(resolve, 30));
        res.end();
      },
      show,
    );
    const ada = app.visitor();
    await ada.get('/a');
    const late = ada.copy();
    await Promise.all([late.get('/c'), ada.copy().get('/b')]);
    expect(JSON.parse((await ada.get('/d')).text)).toEqual({});
    expect(JSON.parse((await late.get('/d')).text)).toEqual({});
  });

  it('a backend that is down: the error goes to next(), and to whoever saves', async () => {
    const app = await serve('network', counting, async (req, res) => {
      req.session['count'] = 7;
      app.isDown = true;
      await expect(req.session.save()).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
      app.isDown = false;
      res.end(String(req.session['count']));
    });
    const ada = app.visitor();
    await ada.get('/a');
    expect((await ada.get('/b')).text).toBe('7');
    expect((await ada.get('/a')).text).toBe('8');
    app.isDown = true;
    expect((await ada.get('/a')).status).toBe(500);
  });

  it('a save that nobody waits for and that fails is tried again with the response', async () => {
    const app = await serve('network', counting, (req, res) => {
      req.session['count'] = 7;
      app.isDown = true;
      void req.session.save().catch(() => (app.isDown = false));
      res.end();
    });
    const ada = app.visitor();
    await ada.get('/a');
    await ada.get('/b');
    expect((await ada.get('/a')).text).toBe('8');
  });

  it('refuses a property that the request has already', async () => {
    const app = await serve('cookie', end());
    const middleware = sessions({ property: 'session', session: app.definition });
    const errors: unknown[] = [];
    const response = { headersSent: false, on: () => {}, setHeader: () => {} };
    const request = { headers: {}, session: {} };
    // @ts-expect-error: as much of a response as is used
    await middleware(request, response, (error) => errors.push(error));
    expect(String(errors[0])).toContain('express-session');
  });

  it('names the option that is wrong', async () => {
    const { definition } = await serve('cookie', end());
    // @ts-expect-error: no such option
    expect(() => sessions({ propertie: 'session' })).toThrow('propertie');
    expect(() => sessions({ property: 'session' })).toThrow('"session" expected what defineSession() returns');
    expect(() => sessions({ session: definition })).toThrow('"property" expected a string');
    // @ts-expect-error: no session
    expect(() => sessions({ property: 'session', session: {} })).toThrow('"session" expected');
    // @ts-expect-error: no function
    expect(() => sessions({ onError: 1 })).toThrow('"onError" expected');
  });
});
