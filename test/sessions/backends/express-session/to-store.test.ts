/** toExpressStore() as frameworks call it: what it keeps, and what it hides. */
import { createSealer } from '@sealring/codec';
import { EXPRESS_PURPOSES } from '@sealring/wire';
import session from 'express-session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { secret } from '../../../codec/support.ts';
import { cookie, keys, lasting, look, NOW, openStore as open, SID, seen } from './support/seen-backend.ts';

describe('what toExpressStore() keeps', () => {
  it('is what JSON makes of any session', async () => {
    const { store } = open();
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.dictionary(fc.string(), fc.anything({ withDate: true })),
        async (sid, values) => {
          const expected = JSON.parse(JSON.stringify({ ...values, cookie }));
          await store.set(sid, { ...values, cookie });
          expect(await look(store, sid)).toStrictEqual(expected);
        },
      ),
    );
  });

  it.each([
    { name: 'a key that is a prototype elsewhere', value: JSON.parse('{"__proto__":{"admin":true},"constructor":1}') },
    { name: 'a half of a pair of surrogates', value: { text: 'a\ud800b' } },
    { name: 'much', value: { list: Array.from({ length: 20_000 }, (_, at) => ({ at })) } },
    { name: 'depth', value: JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) },
    { name: 'no cookie', value: { n: 1 } },
    { name: 'an object that says how it becomes JSON', value: { toJSON: () => ({ n: 1 }) } },
  ])('is $name as well', async ({ value }) => {
    const { store } = open();
    await store.set(SID, value);
    expect(await look(store)).toStrictEqual(JSON.parse(JSON.stringify(value)));
  });

  it('says nothing of ids, keys and values to whoever has the backend', async () => {
    const { backend, store, load } = open();
    await store.set(SID, { cookie, password: 'correct horse', admin: true });
    const loaded = await load();
    await store.touch(SID, { ...loaded, cookie: { ...cookie, originalMaxAge: 5000 } });
    await store.set(SID, Object.assign(loaded, { password: 'battery staple' }));
    await store.destroy(SID);
    const dump = backend.given.join('\n');
    expect(backend.changes).toStrictEqual(['set', 'set', 'set', 'set', 'delete']); // the last save met the touch
    for (const text of [SID, 'password', 'horse', 'battery', 'admin', 'cookie', 'httpOnly'])
      expect(dump).not.toContain(text);
    for (const text of [SID, 'horse']) expect(dump).not.toContain(Buffer.from(text).toString('base64url').slice(1, -2));
    for (const id of backend.given.filter((text) => text.length < 100)) expect(id).toMatch(/^[\w-]{43}$/);
  });

  it('opens under its own id only, and with its own keys only', async () => {
    const { backend, store } = open();
    await store.set(SID, { cookie, n: 1 });
    const [id = '', data = ''] = backend.given;
    await store.set('another', { cookie, n: 2 });
    const other = backend.given[2] ?? '';
    await backend.set(other, Buffer.from(data), { version: 'copied', expiresAt: Infinity });
    expect(await store.get('another')).toBeNull();
    const stranger = open({ keys: [secret(2)] }, backend);
    expect(await stranger.store.get(SID)).toBeNull();
    expect(stranger.events).toStrictEqual(['unknown-key']);
    expect(id).not.toBe(other);
  });

  it('opens for nobody who has the keys and the backend, but no id', async () => {
    const { backend, store } = open();
    await store.set(SID, { cookie, n: 1 });
    const [id = '', data = ''] = backend.given;
    const sealer = createSealer({ keys, purpose: EXPRESS_PURPOSES.contents, reserved: true });
    for (const guess of [undefined, Buffer.from(id), Buffer.from(id, 'base64url')]) {
      const secret = guess && { secret: guess };
      expect(sealer.safeOpen(data, { now: NOW, ...secret })).toMatchObject({ code: 'ERR_SEAL_TAMPERED' });
    }
  });

  it('can be read by a server whose clock is behind', async () => {
    const { backend, store } = open();
    await store.set(SID, { cookie, n: 1 });
    expect(await look(open({ now: () => NOW - 3600 }, backend).store)).toStrictEqual({ cookie, n: 1 });
  });

  it('can be read after a rotation of keys, and is sealed anew by the next request', async () => {
    const { backend, store } = open();
    await store.set(SID, { cookie, n: 1 });
    const rotated = open({ keys: [secret(2), secret(1)] }, backend);
    const loaded = await rotated.load();
    await rotated.store.set(SID, loaded); // which changed nothing
    expect(await look(open({ keys: [secret(2)] }, backend).store)).toStrictEqual({ cookie, n: 1 });
  });

  it.each([
    { name: 'noise', data: Buffer.from('noise'), reason: 'malformed' },
    { name: 'nothing', data: new Uint8Array(), reason: 'malformed' },
    { name: 'what was sealed for another purpose', data: sealed(['birth', '{}'], 'other'), reason: 'tampered' },
  ])('counts for nothing if it is $name, and is replaced by the next session', async ({ data, reason }) => {
    const { backend, store, events } = open();
    await store.set(SID, { cookie, n: 1 });
    await backend.set(backend.given[0] ?? '', data, { version: 'other', expiresAt: Infinity });
    expect(await store.get(SID)).toBeNull();
    expect(events).toStrictEqual([reason]);
    await store.set(SID, { cookie, n: 2 });
    expect(await look(store)).toStrictEqual({ cookie, n: 2 });
  });

  it('ends when the cookie does, else when originalMaxAge says, else after ttl', async () => {
    const { backend, store } = open({ ttl: 50 });
    const expiryOf = async (changes: object) => {
      await store.set(SID, { cookie: { ...cookie, ...changes } });
      return (await backend.only())?.expiresAt;
    };
    expect(await expiryOf({})).toBe(NOW + 50);
    expect(await expiryOf({ originalMaxAge: 1500 })).toBe(NOW + 1.5);
    expect(await expiryOf({ originalMaxAge: 1500, expires: new Date((NOW + 7) * 1000 + 5) })).toBe(NOW + 7.005);
    expect(await expiryOf({ expires: new Date(Number.NaN) })).toBe(NOW + 50);
    expect(await expiryOf({ expires: false })).toBe(NOW + 50);
    await store.set(SID, { cookie: { ...cookie, expires: new Date(0) } });
    expect(await store.get(SID)).toBeNull();
  });

  it('ends as ttl says for each session whose cookie does not', async () => {
    const asked: unknown[] = [];
    const { backend, store, load } = open({
      ttl(session) {
        asked.push(JSON.parse(JSON.stringify(session)));
        return Reflect.get(session, 'ttl');
      },
    });
    await store.set(SID, { cookie, ttl: 600 });
    expect(asked).toStrictEqual([{ cookie, ttl: 600 }]);
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 600 });
    await store.set(SID, Object.assign(await load(), { ttl: 60 }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 60 });
    await store.set(SID, Object.assign(await load(), { cookie: lasting(5) }));
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 5 });
    await expect(store.set('other', { cookie, ttl: 'long' })).rejects.toThrow('"ttl" expected a function that returns');
    await store.set(SID, Object.assign(await load(), { cookie, ttl: 0 }));
    expect(await store.get(SID)).toBeNull();
  });

  it('ends as a function says that wants a session of express-session', async () => {
    const backend = seen();
    const ttl = ({ cookie }: session.SessionData) => (cookie.httpOnly ? 600 : 60);
    await toExpressStore(backend, { keys, now: () => NOW, ttl, Store: session.Store }).set(SID, { cookie });
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 600 });
  });

  it('ends when a save says, not a touch, with disableTouch', async () => {
    const { backend, store, load } = open({ disableTouch: true });
    await store.set(SID, { cookie: lasting(60) });
    const loaded = Object.assign(await load(), { cookie: lasting(90) });
    await store.touch(SID, loaded);
    expect(backend.changes).toStrictEqual(['set']);
    await store.set(SID, loaded);
    expect(await backend.only()).toMatchObject({ expiresAt: NOW + 90 });
  });

  it('says in the cookie when it ends by now, not when it was to end when it was written', async () => {
    const { backend, store } = open();
    await store.set(SID, { cookie: lasting(60) });
    const stored = await backend.only();
    if (stored === undefined) throw new Error('Expected a record');
    await backend.set(backend.given[0] ?? '', stored.data, { version: 'moved', expiresAt: NOW + 90 });
    expect(await look(store)).toMatchObject({ cookie: { expires: new Date((NOW + 90) * 1000).toISOString() } });
  });
});

describe('toExpressStore() with the class of express-session', () => {
  it('is one of its stores, with the methods of the class', async () => {
    const store = toExpressStore(memory(), { keys, Store: session.Store });
    expect(store).toBeInstanceOf(session.Store);
    await store.set(SID, { cookie, n: 1 });
    const loaded = await new Promise<unknown>((resolve) => store.load(SID, (_, found) => resolve(found)));
    expect(loaded).toMatchObject({ id: SID, n: 1 });
    expect(Object.keys(loaded ?? {})).toStrictEqual(['cookie', 'n']);
    expect(await new Promise((resolve) => store.load('another', (_, found) => resolve(found)))).toBeUndefined();
  });
});

function sealed(value: unknown, purpose: string): Uint8Array {
  return Buffer.from(createSealer({ keys, purpose }).seal(value, { now: NOW }));
}
