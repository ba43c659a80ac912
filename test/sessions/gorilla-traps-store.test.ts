/** Traps of gorilla/sessions v1.4.0, §1.8 and §2: records in files, requests that overlap, and what its users asked for in vain. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backends/backend.ts';
import { file } from '../../packages/sessions/src/backends/file.ts';
import { memory } from '../../packages/sessions/src/backends/memory.ts';
import { save, withSessions } from '../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../packages/sessions/src/store/define.ts';
import type { Schema } from '../../packages/sessions/src/store/schema.ts';
import { serverStore } from '../../packages/sessions/src/store/server-store.ts';
import type { StoreOptions } from '../../packages/sessions/src/store/setup.ts';
import { browserWith, present, visit } from './support/visit.ts';
import { Browser, clock, kinds, secret } from './support.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-gorilla-traps-'));
afterAll(() => rmSync(root, { recursive: true }));

const HOUR = 3600; // for which a record whose time is over is kept, to say that it has expired
const keys = [secret(1)];
const withCode = (code: string): unknown => expect.objectContaining({ code });

let directories = 0;
function setUp(options: Partial<StoreOptions> = {}) {
  const directory = join(root, String(++directories));
  const backend = file(directory, { now: clock.now });
  const files = () =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { files, backend, store: serverStore({ keys, now: clock.now, backend, ...options }) };
}

describe('§1.8 FilesystemStore', () => {
  it.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['empty', (path) => writeFileSync(path, '')],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    ['not ours', (path) => writeFileSync(path, 'MTc2NzIyNTYwMHxEWDhFQVFMX2dBQUJFQUVRQUFB')],
  ])('a file that is %s: a session under a fresh id, no error, and the old id leads nowhere', async (_name, spoil) => {
    const { store, files } = setUp();
    const browser = await browserWith(store, { n: 1 });
    const old = browser.copy();
    const { id } = await store.get(browser.request(), 'a');
    spoil(files()[0] ?? '');
    await visit(store, browser, (session) => {
      expect([session.isNew, session.rejected, session.size]).toEqual([true, 'gone', 0]);
      session.set('n', 2);
      expect(session.id).not.toBe(id);
    });
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(2);
    expect((await store.get(old.request(), 'a')).rejected).toBe('gone');
  });

  it('a session of the browser, MaxAge 0 there, keeps its file', async () => {
    const { store, files } = setUp({ maxAge: undefined });
    const browser = await browserWith(store, { n: 1 });
    expect(files()).toHaveLength(1);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('what has expired is swept, what lives is not', async () => {
    const { store, backend, files } = setUp();
    for (const maxAge of [10, 20, 1000]) {
      await visit(store, new Browser(), (session) => void (session.set('n', 1).options.maxAge = maxAge));
    }
    clock.advance(30 + HOUR);
    expect(await backend.prune()).toBe(2);
    expect(files()).toHaveLength(1);
  });

  it('a write is whole or not there: whoever reads meanwhile finds a session, and nothing is left over', async () => {
    const { store, files } = setUp();
    const browser = await browserWith(store, { text: 'x'.repeat(10_000) });
    let isWriting = true;
    const writing = (async () => {
      for (let n = 0; n < 30; n++) await visit(store, browser, (session) => session.set('text', `${n}`.repeat(5_000)));
      isWriting = false;
    })();
    let reads = 0;
    for (; isWriting; reads++) expect((await store.get(browser.request(), 'a')).has('text')).toBe(true);
    await writing;
    expect(reads).toBeGreaterThan(0);
    expect(files()).toHaveLength(1);
  });

  it('a deleted session is not resurrected by a slower request', async () => {
    const { store } = setUp();
    const browser = await browserWith(store, { n: 1 });
    const slow = browser.request();
    const session = await store.get(slow, 'a');
    await visit(store, browser.copy(), (ended) => ended.destroy());
    session.set('n', 2);
    expect((await save(slow, new Response())).headers.getSetCookie()).toEqual([]);
    expect((await store.get(browser.request(), 'a')).rejected).toBe('gone');
  });

  it('twenty requests at once lose no update', async () => {
    const { store } = setUp();
    const browser = await browserWith(store, { n: 0 });
    const hit = async (at: number) => {
      const request = browser.request();
      (await store.get(request, 'a')).set(at, true).update('n', (n = 0) => n + 1);
      await save(request, new Response());
    };
    // Four at a time, as a browser would: each loses at most three times in a row.
    for (let at = 0; at < 20; at += 4) await Promise.all([hit(at), hit(at + 1), hit(at + 2), hit(at + 3)]);
    const session = await store.get(browser.request(), 'a');
    expect([session.get('n'), session.size]).toEqual([20, 21]);
  });

  it('an id is never a path, whoever chooses it', async () => {
    const { store, backend, files } = setUp();
    await browserWith(store, { n: 1 });
    const [known = ''] = files();
    writeFileSync(join(root, 'outside'), readFileSync(known));
    for (const id of ['../outside', '/etc/passwd', '..', known, 'a/../../outside']) {
      expect((await present(store, `__Host-a=${id}`)).rejected).toBe('malformed');
      expect(await backend.get(id)).toBeUndefined();
    }
    expect(readdirSync(root)).toContain('outside');
    expect(files()).toEqual([known]);
  });

  it('a file is good for its own session alone, and no cookie', async () => {
    const { store, backend, files } = setUp();
    const victim = await browserWith(store, { role: 'admin' });
    const [theirs = ''] = files();
    const browser = await browserWith(store, { role: 'guest' });
    const ours = files().find((path) => path !== theirs) ?? '';
    const stored = await backend.get((await store.get(victim.request(), 'a')).id);
    const text = new TextDecoder().decode(stored?.data);
    const token = text.slice(text.lastIndexOf('.') + 1);
    for (const [value, reason] of [
      [text, 'malformed'],
      [token, 'tampered'],
    ]) {
      expect((await present(store, `__Host-a=${value}`)).rejected).toBe(reason);
      expect((await present(cookieStore({ keys, now: clock.now }), `__Host-a=${value}`)).rejected).toBe(reason);
    }
    writeFileSync(ours, readFileSync(theirs));
    expect((await store.get(browser.request(), 'a')).get('role')).toBeUndefined();
  });
});

describe.each(kinds)('§2 what users asked for, %s store', (kind) => {
  it('1: after a change of keys nobody gets an error until the cookies are cleared', async () => {
    const browser = await browserWith(kind.create({ keys: [secret(8)] }), { n: 1 });
    const handler = withSessions(async (request) => {
      (await kind.create().get(request, 'a')).update('n', (n = 0) => n + 1);
      return new Response('ok');
    });
    expect((await browser.visit(handler)).status).toBe(200);
    expect((await kind.create().get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('4: a subject is logged out of all devices but one, and their cookies cannot be replayed', async () => {
    const store = kind.isServer
      ? serverStore({ keys, now: clock.now, backend: memory({ now: clock.now }) })
      : cookieStore({ keys, now: clock.now, revocations: memory({ now: clock.now }) });
    const [phone, laptop] = [new Browser(), new Browser()];
    for (const browser of [phone, laptop]) await visit(store, browser, (session) => session.login('ada'));
    await visit(store, laptop, (session) => store.revokeAll('ada', { except: session }));
    expect((await store.get(phone.request(), 'a')).rejected).toMatch(/^(revoked|gone)$/);
    expect((await store.get(laptop.request(), 'a')).rejected).toBeUndefined();
  });

  it('5: a session that somebody else has planted gets a new id at login', async () => {
    const store = kind.create();
    const planted = await browserWith(store, { n: 1 });
    const victim = planted.copy();
    const { id } = await store.get(planted.request(), 'a');
    await visit(store, victim, async (session) => {
      await session.login('ada');
      session.set('user', 'ada');
    });
    expect((await store.get(victim.request(), 'a')).id).not.toBe(id);
    expect((await store.get(planted.request(), 'a')).get('user')).toBeUndefined();
  });

  it('14: a handler under withSessions forgets no save, also where it redirects', async () => {
    const store = kind.create();
    const handler = withSessions(async (request) => {
      (await store.get(request, 'a')).set('n', 1);
      return Response.redirect('https://example.org/next');
    });
    const browser = new Browser();
    expect((await browser.visit(handler)).status).toBe(302);
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });

  it('15: reading writes nothing, and a sliding lifetime no more than once in a tenth of it', async () => {
    const store = kind.create({ idleTimeout: 1000 });
    const browser = await browserWith(store, { n: 1 });
    let writes = 0;
    for (let seconds = 0; seconds < 3000; seconds += 20) {
      clock.advance(20);
      const before = kind.writes();
      const lines = await visit(store, browser, (session) => expect(session.get('n')).toBe(1));
      writes += kind.writes() - before + lines.length;
    }
    expect(writes).toBeGreaterThan(2);
    expect(writes).toBeLessThanOrEqual(30);
  });

  it('23: a schema types the values, and what does not fit it is a fresh session, no panic', async () => {
    const store = kind.create();
    const browser = await browserWith(store, { visits: 'many' });
    const schema: Schema<{ visits: number }> = {
      '~standard': {
        version: 1,
        validate: (value) =>
          typeof value === 'object' && value !== null && 'visits' in value && typeof value.visits === 'number'
            ? { value: { visits: value.visits } }
            : { issues: [{ message: 'visits' }] },
      },
    };
    const session = await defineSession({ store, name: 'a', schema }).get(browser.request());
    expect([session.isNew, session.rejected, session.size]).toEqual([true, 'invalid', 0]);
    session.update('visits', (visits = 0) => visits + 1);
    expect(session.get('visits')).toBe(1);
  });

  it('20: a test makes a cookie for a session in two lines', async () => {
    const store = kind.create();
    const request = (await browserWith(store, { user: 'ada' })).request('https://example.org/account');
    expect((await store.get(request, 'a')).get('user')).toBe('ada');
  });
});

describe('§2 what users asked for, backends', () => {
  const failing = (backend: Backend, method: 'get' | 'set'): { backend: Backend; mend: () => void; fault: Error } => {
    const fault = new Error('connection lost');
    let isBroken = true;
    const guard = <T>(call: () => T): T => {
      if (isBroken) throw fault;
      return call();
    };
    const wrapped: Backend = {
      cas: backend.cas,
      get: (id) => (method === 'get' ? guard(() => backend.get(id)) : backend.get(id)),
      set: (id, data, options) =>
        method === 'set' ? guard(() => backend.set(id, data, options)) : backend.set(id, data, options),
      delete: (id) => backend.delete(id),
    };
    return { backend: wrapped, mend: () => void (isBroken = false), fault };
  };

  it('11: a backend that fails is one error with its cause, and the next get of the same request may succeed', async () => {
    const { backend, mend, fault } = failing(memory({ now: clock.now }), 'get');
    const store = serverStore({ keys, now: clock.now, backend });
    const browser = await browserWith(store, { n: 1 });
    const request = browser.request();
    const rejected = store.get(request, 'a');
    await expect(rejected).rejects.toThrow(withCode('ERR_SESSION_BACKEND'));
    await expect(rejected).rejects.toHaveProperty('cause', fault);
    mend();
    expect((await store.get(request, 'a')).get('n')).toBe(1);
  });

  it('11: when two saves fail, one error is thrown and none goes unhandled', async () => {
    const { backend } = failing(memory({ now: clock.now }), 'set');
    const request = new Request('https://example.org/');
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listen);
    (await serverStore({ keys, now: clock.now, backend }).get(request, 'record')).set('n', 1);
    (await cookieStore({ keys, now: clock.now }).get(request, 'cookie')).set('text', 'x'.repeat(5_000));
    await expect(save(request, new Response())).rejects.toThrow(/^Cannot /);
    await new Promise((resolve) => setTimeout(resolve)); // Node tells after the microtasks
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('11: a save that fails may be tried again', async () => {
    const { backend, mend } = failing(memory({ now: clock.now }), 'set');
    const store = serverStore({ keys, now: clock.now, backend });
    const browser = new Browser();
    const request = browser.request();
    (await store.get(request, 'a')).set('n', 1);
    await expect(save(request, new Response())).rejects.toThrow(withCode('ERR_SESSION_BACKEND'));
    mend();
    browser.take(await save(request, new Response()));
    expect((await store.get(browser.request(), 'a')).get('n')).toBe(1);
  });
});
