/** React Router's middleware and session storage without React Router: what its own test in test/frameworks cannot show. */
import { cookieStore, type DefinedSession, defineSession, generateKey, serverStore } from 'sealring';
import { memory } from 'sealring/memory';
import { sessions } from 'sealring/react-router';
import { describe, expect, it } from 'vitest';

interface Values {
  user: string;
  count: number;
}
interface Messages {
  error: string;
}

const store = cookieStore({ keys: [generateKey()], cookie: { secure: false } });
const login = defineSession<Values, string>({ store, name: 'login' });
const storage = (definition: DefinedSession<Values> = login) => sessions.storage<Values, Messages>(definition);
const cookieOf = (line: string) => line.split(';')[0];

describe('sessions.storage()', () => {
  it('get, set, has, unset, data, id', async () => {
    const { getSession, commitSession } = storage();
    const first = await getSession();
    expect([first.has('user'), first.get('user'), first.data]).toEqual([false, undefined, {}]);
    first.set('user', 'ada');
    first.set('count', 1);
    first.unset('count');
    const line = await commitSession(first);
    const second = await getSession(cookieOf(line));
    expect([second.has('user'), second.get('user'), second.data]).toEqual([true, 'ada', { user: 'ada' }]);
    expect([second.has('count'), second.id]).toEqual([false, first.id]);
  });

  it('a flash message goes when it is read, under its own name, and not before', async () => {
    const { getSession, commitSession } = storage();
    const first = await getSession(null);
    first.flash('error', 'before');
    first.flash('error', 'Wrong password.');
    const cookie = cookieOf(await commitSession(first));
    const second = await getSession(cookie);
    expect([second.has('error'), second.has('error'), second.data]).toEqual([true, true, {}]);
    expect([second.get('error'), second.has('error'), second.get('error')]).toEqual([
      'Wrong password.',
      false,
      undefined,
    ]);
    const third = await getSession(cookieOf(await commitSession(second)));
    expect(third.has('error')).toBe(false);
  });

  it('maxAge and expires count from now on', async () => {
    const clock = { now: 1_000_000 };
    const timed = cookieStore({ keys: [generateKey()], cookie: { secure: false }, now: () => clock.now });
    const { getSession, commitSession } = storage(defineSession<Values>({ store: timed, name: 'login' }));
    const first = await getSession();
    first.set('count', 1);
    const line = await commitSession(first, { maxAge: 60 });
    expect(line).toContain('Max-Age=60;');
    clock.now += 30;
    const second = await getSession(cookieOf(line));
    expect(await commitSession(second, { expires: new Date((clock.now + 60) * 1000) })).toContain('Max-Age=60;');
    const third = await getSession(cookieOf(line));
    expect(await commitSession(third, { maxAge: undefined })).not.toContain('Max-Age');
    const fourth = await getSession(cookieOf(line));
    expect(await commitSession(fourth, { maxAge: 1e9 })).toContain(`Max-Age=${400 * 86400 - 30};`);
  });

  it('an empty string where no cookie is to be set', async () => {
    const { getSession, commitSession, destroySession } = storage();
    expect(await commitSession(await getSession())).toBe('');
    expect(await destroySession(await getSession('login=forged'))).toMatch(/^login=; Max-Age=0/);
    expect(await destroySession(await getSession())).toBe('');
  });

  it('destroySession ends a record', async () => {
    const backend = memory();
    const server = serverStore({ keys: [generateKey()], backend, cookie: { secure: false } });
    const { getSession, commitSession, destroySession } = storage(
      defineSession<Values>({ store: server, name: 'login' }),
    );
    const first = await getSession();
    first.set('user', 'ada');
    const cookie = cookieOf(await commitSession(first));
    expect(await destroySession(await getSession(cookie))).toMatch(/^login=; Max-Age=0/);
    expect((await getSession(cookie)).has('user')).toBe(false);
  });

  it('a failure of the backend reaches the caller', async () => {
    const down = () => Promise.reject(new Error('down'));
    const backend = { cas: 'atomic' as const, get: down, set: down, delete: down };
    const server = serverStore({ keys: [generateKey()], backend, cookie: { secure: false } });
    const { getSession, commitSession } = storage(defineSession<Values>({ store: server, name: 'login' }));
    const session = await getSession();
    session.set('user', 'ada');
    await expect(commitSession(session)).rejects.toThrow(expect.objectContaining({ code: 'ERR_SESSION_BACKEND' }));
  });

  it('says what is wrong', async () => {
    const chunked = cookieStore({ keys: [generateKey()], cookie: { secure: false }, chunks: 3 });
    const { getSession, commitSession, destroySession } = storage(
      defineSession<Values>({ store: chunked, name: 'login' }),
    );
    const session = await getSession();
    session.set('user', 'x'.repeat(5000));
    await expect(commitSession(session)).rejects.toThrow(
      'commitSession() returns one cookie, and session "login" has several: add sessions() to the middleware of the root route',
    );
    // @ts-expect-error: belongs to the store
    await expect(commitSession(session, { path: '/' })).rejects.toThrow('commitSession() has no option "path"');
    // @ts-expect-error: no session of getSession()
    await expect(commitSession({})).rejects.toThrow('"session" expected what getSession() has returned, got an object');
    // @ts-expect-error: nothing
    await expect(destroySession()).rejects.toThrow('"session" expected what getSession() has returned, got undefined');
    // @ts-expect-error: no definition
    expect(() => sessions.storage(store)).toThrow('sessions.storage() expected a session of defineSession()');
  });
});

describe('sessions()', () => {
  const { getSession, commitSession } = storage();
  const args = (cookie?: string) => ({
    request: new Request('https://example.org/', cookie === undefined ? {} : { headers: { cookie } }),
    context: {},
  });

  it('old code and new code share a session, and the middleware saves it once', async () => {
    const given = args();
    const response = await sessions()(given, async () => {
      const old = await getSession(given.request.headers.get('Cookie'));
      old.set('user', 'ada');
      const headers = new Headers({ 'Set-Cookie': await commitSession(old) });
      headers.append('Set-Cookie', 'theme=dark');
      const session = await login.get(given.request.clone());
      session.update('count', (n = 0) => n + 1);
      return Response.json([session.get('user'), old.get('count')], { headers });
    });
    expect(await response.json()).toEqual(['ada', 1]);
    expect(response.headers.getSetCookie()).toEqual(['theme=dark', expect.stringMatching(/^login=/)]);
  });

  it('a failed save goes to onError, or on', async () => {
    const large = async () => {
      const session = await login.get();
      session.addFlash('x'.repeat(10_000));
      return new Response('done');
    };
    await expect(sessions()(args(), large)).rejects.toThrow(expect.objectContaining({ code: 'ERR_SESSION_TOO_LARGE' }));
    const onError = () => new Response('sorry', { status: 500 });
    expect(await (await sessions({ onError })(args(), large)).text()).toBe('sorry');
    // @ts-expect-error: no such option
    expect(() => sessions({ onFailure: onError })).toThrow('sessions() has no option "onFailure"; it takes onError');
  });
});
