/** toExpressStore(): what concerns all its sessions at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSealer } from '@sealring/codec';
import { EXPRESS_PURPOSES } from '@sealring/wire';
import session from 'express-session';
import { describe, expect, it } from 'vitest';
import { toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { secret } from '../../../codec/support.ts';
import { expressApp, hold, look as lookOver, set } from './support/apps.ts';
import { blind, cookie, keys, lasting, look, NOW, openStore as open, SID, seen } from './support/seen-backend.ts';

const listable = true;

describe('length(), ids() and all()', () => {
  it('tell how many sessions there are, which, and what is in them', async () => {
    const { store } = open({ listable });
    expect([await store.length(), await store.ids(), await store.all()]).toStrictEqual([0, [], []]);
    await store.set('a', { cookie, n: 1 });
    await store.set('b', { cookie, n: 2 });
    await store.set('a', { cookie, n: 3 });
    await store.set('c', { cookie });
    await store.destroy('c');
    await store.set('d', { cookie: lasting(-1) }); // has expired
    expect(await store.length()).toBe(2);
    expect((await store.ids())?.sort()).toStrictEqual(['a', 'b']);
    const all = (await store.all<{ id: string }>()) ?? [];
    const contents = new Map(all.map((one) => [one.id, JSON.parse(JSON.stringify(one))]));
    expect(contents).toStrictEqual(
      new Map([
        ['a', { cookie, n: 3 }],
        ['b', { cookie, n: 2 }],
      ]),
    );
  });

  it('take a callback', async () => {
    const { store } = open({ listable });
    await store.set(SID, { cookie });
    const length = await new Promise((resolve) => store.length((error, result) => resolve([error, result])));
    expect(length).toStrictEqual([null, 1]);
    const ids = await new Promise((resolve) => store.ids((error, result) => resolve([error, result])));
    expect(ids).toStrictEqual([null, [SID]]);
  });

  it('know of a hundred sessions', async () => {
    const { store } = open({ listable });
    const sids = Array.from({ length: 100 }, (_, at) => `session ${at}`);
    await Promise.all(sids.map((sid) => store.set(sid, { cookie, sid })));
    expect(await store.length()).toBe(100);
    expect(new Set(await store.ids())).toStrictEqual(new Set(sids));
    const all = (await store.all<{ id: string; sid: string }>()) ?? [];
    expect(all.filter(({ id, sid }) => id === sid)).toHaveLength(100);
    await store.clear();
    expect(await store.length()).toBe(0);
  });

  it('give sessions that can be saved as if they had been loaded', async () => {
    const { store, load } = open({ listable });
    await store.set(SID, { cookie, n: 1 });
    const slow = await load();
    const [listed] = (await store.all<{ id: string; n: number }>()) ?? [];
    if (listed === undefined) throw new Error('Expected a session');
    await store.set(listed.id, Object.assign(listed, { n: 2 }));
    await store.set(SID, Object.assign(slow, { late: 1 }));
    expect(await look(store)).toStrictEqual({ cookie, n: 2, late: 1 });
  });

  it('leave an id of the application in the session', async () => {
    const { store } = open({ listable });
    await store.set(SID, { cookie, id: 'u7' });
    expect(JSON.parse(JSON.stringify(await store.all()))).toStrictEqual([{ cookie, id: 'u7' }]);
  });

  it('know nothing of what others keep in the backend', async () => {
    const shared = memory({ now: () => NOW });
    const { store } = open({ listable }, seen(shared));
    const other = open({ listable, keys: [secret(2)] }, seen(shared));
    await store.set(SID, { cookie });
    await other.store.set('of another application', { cookie });
    await shared.set('elsewhere', Uint8Array.of(1), { version: 'v1', expiresAt: NOW + 60, subject: 'ann' });
    expect([await store.length(), await store.ids()]).toStrictEqual([1, [SID]]);
    await store.clear();
    expect(await store.length()).toBe(0);
    expect(await other.store.length()).toBe(1);
    expect(await shared.get('elsewhere')).toBeDefined();
  });

  it('find what was written before a rotation of keys, and after it', async () => {
    const { backend, store } = open({ listable });
    await store.set('old', { cookie });
    const rotated = open({ listable, keys: [secret(2), secret(1)] }, backend);
    await rotated.store.set('new', { cookie });
    expect(await rotated.store.length()).toBe(2);
    expect((await rotated.store.ids())?.sort()).toStrictEqual(['new', 'old']);
    await rotated.store.set('old', await rotated.load('old')); // seals it with the new key
    expect((await open({ listable, keys: [secret(2)] }, backend).store.ids())?.sort()).toStrictEqual(['new', 'old']);
    await rotated.store.clear();
    expect(await backend.count()).toBe(0);
  });

  it('say so where the backend cannot list, to the callback as well', async () => {
    const store = toExpressStore(blind(), { keys, now: () => NOW, onEvent: () => {} });
    await store.set(SID, { cookie });
    expect(await look(store)).toStrictEqual({ cookie });
    const message = '"backend" expected a backend that can list its records';
    await expect(store.length()).rejects.toThrow(message);
    await expect(store.clear()).rejects.toThrow(message);
    const error = await new Promise((resolve) => store.length(resolve));
    expect(error).toBeInstanceOf(TypeError);
  });
});

describe('the option listable', () => {
  it('is needed by ids() and all(), not by length() and clear()', async () => {
    const { store } = open();
    await store.set(SID, { cookie });
    for (const call of [() => store.ids(), () => store.all()])
      await expect(call()).rejects.toThrow('"listable" expected true');
    expect(await store.length()).toBe(1);
    await store.clear();
    expect(await store.length()).toBe(0);
  });

  it('lets whoever has the backend and the keys find the ids; without it they find none, and without the keys never', async () => {
    for (const isListable of [true, false]) {
      const { backend, store } = open({ listable: isListable });
      await store.set(SID, { cookie });
      const [id = '', data = ''] = backend.given;
      const sealer = createSealer({ keys, purpose: EXPRESS_PURPOSES.id, reserved: true });
      const found = data.split('.').flatMap((token) => {
        const opened = sealer.safeOpen(token, { now: NOW, context: id });
        return opened.ok ? [opened.value] : [];
      });
      expect(found).toStrictEqual(isListable ? [SID] : []);
      const dump = [...backend.given, ...backend.subjects].join('\n');
      for (const text of [SID, Buffer.from(SID).toString('base64url').slice(2, -2)]) expect(dump).not.toContain(text);
      expect(await open({ listable, keys: [secret(2)] }, backend).store.ids()).toStrictEqual([]);
    }
  });

  it('lists a session from before it was set once that was saved or touched again', async () => {
    const { backend, store } = open();
    for (const sid of ['a', 'b', 'c']) await store.set(sid, { cookie, n: 1 });
    const now = open({ listable }, backend);
    expect([await now.store.length(), await now.store.ids()]).toStrictEqual([3, []]);
    await now.store.set('a', await now.load('a')); // neither changes anything
    await now.store.touch('b', await now.load('b'));
    expect((await now.store.ids())?.sort()).toStrictEqual(['a', 'b']);
    expect(await look(now.store, 'b')).toStrictEqual({ cookie, n: 1 });
  });

  it('takes the id out of a record again when it is no longer set', async () => {
    const { backend, store } = open({ listable });
    await store.set(SID, { cookie });
    const without = open({}, backend);
    await without.store.touch(SID, await without.load());
    expect(await store.ids()).toStrictEqual([]);
    expect(await look(store)).toStrictEqual({ cookie });
  });

  it('lists no record that somebody has copied to another id', async () => {
    const { backend, store, events } = open({ listable });
    await store.set(SID, { cookie });
    const record = await backend.only();
    const [subject] = backend.subjects;
    if (record === undefined || subject === undefined) throw new Error('Expected a record with a subject');
    await backend.set('copied', record.data, { ...record, subject });
    expect(await store.length()).toBe(2);
    expect(await store.ids()).toStrictEqual([SID]);
    expect(events).toStrictEqual([]);
  });
});

describe('clear()', () => {
  it('is not undone by a request in flight, and does not hinder a new session', async () => {
    const { store, load, events } = open();
    await store.set(SID, { cookie, user: 'ann' });
    const [writer, reader] = [await load(), await load()];
    await store.clear();
    await store.set(SID, Object.assign(writer, { late: 1 }));
    await store.touch(SID, Object.assign(reader, { cookie: lasting(60) }));
    expect(await store.get(SID)).toBeNull();
    expect(events).toContain('gone');
    await store.set(SID, { cookie, user: 'bob' });
    expect(await look(store)).toStrictEqual({ cookie, user: 'bob' });
  });

  it('ends what was saved before it was called, though that is still under way', async () => {
    const { backend, store, load } = open();
    await store.set('old', { cookie });
    const loaded = await load('old');
    const { set } = backend;
    backend.set = async (...given) => {
      await nextTurn();
      return await set(...given);
    };
    const saved = [store.set('new', { cookie }), store.set('old', Object.assign(loaded, { n: 1 }))];
    await store.clear();
    await Promise.all(saved);
    expect(await backend.count()).toBe(0);
  });

  it('ends a session that another process writes, and the list therefore leaves out, while it is under way', async () => {
    const shared = memory({ now: () => NOW });
    const { backend, store } = open({}, seen(shared));
    const elsewhere = open({}, seen(shared));
    await store.set('a', { cookie });
    await store.set('b', { cookie });
    const { list } = backend;
    backend.list = async function* (subject) {
      backend.list = list;
      await elsewhere.store.set('a', Object.assign(await elsewhere.load('a'), { n: 1 }));
      let isFirst = true;
      for await (const entry of list(subject)) {
        if (!isFirst) yield entry;
        isFirst = false;
      }
    };
    await store.clear();
    expect(await store.length()).toBe(0);
  });

  it('returns on a busy site, where there is always a new session', async () => {
    const { backend, store } = open();
    await store.set('old', { cookie });
    const { list } = backend;
    let made = 0;
    backend.list = async function* (subject) {
      yield* list(subject);
      await store.set(`new ${++made}`, { cookie });
      await nextTurn();
    };
    await store.clear();
    expect(await store.get('old')).toBeNull();
    expect(await store.get(`new ${made}`)).not.toBeNull();
    expect(made).toBeLessThan(20);
  });

  it('logs everyone out of an application, whoever is in the middle of a request', async () => {
    const backend = seen();
    const store = toExpressStore(backend, { keys, Store: session.Store });
    const app = await expressApp({ store, resave: true, saveUninitialized: false });
    const visitors = [app.visitor(), app.visitor()];
    for (const visitor of visitors) await set(visitor, { n: 1 });
    const requests = visitors.map((visitor) => hold(visitor, ({ session }) => Reflect.set(session, 'late', 1)));
    for (const { isHeld } of requests) await isHeld;
    await new Promise<void>((resolve, reject) => store.clear((error) => (error ? reject(error) : resolve())));
    for (const { letGo } of requests) await letGo();
    expect(await backend.count()).toBe(0);
    for (const visitor of visitors) expect(await lookOver(visitor)).toStrictEqual({});
    await app.close();
  });
});

describe('close()', () => {
  it('waits for what is under way, then closes the backend', async () => {
    const { backend, store } = open();
    const { set } = backend;
    backend.set = async (...given) => {
      await nextTurn();
      return await set(...given);
    };
    const saved = store.set(SID, { cookie });
    await store.close();
    expect(backend.changes).toStrictEqual(['set', 'close']);
    await saved;
  });

  it('does nothing over a backend that has nothing to close', async () => {
    const { close: _, ...backend } = seen();
    const store = toExpressStore(backend, { keys });
    const error = await new Promise((resolve) => store.close(resolve));
    expect(error).toBeNull();
  });
});
