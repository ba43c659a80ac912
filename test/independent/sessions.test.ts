/** Sessions that our stores have written are read by the Python implementation of FORMAT.md §9, and the other way round. */
import { generateKey, type KeyInput } from '@sealring/codec';
import {
  type CookieStoreOptions,
  cookieStore,
  defineSession,
  type Session,
  type Store,
  type StoreOptions,
  serverStore,
} from 'sealring';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../codec/support.ts';
import { cell, sessions as examples, tokens } from './examples.ts';
import type { Answer } from './program.ts';
import { ask, skipped } from './python.ts';
import { kinds, notation, now } from './values.ts';
import { OpenBackend, type Request, visit } from './visit.ts';

const key = generateKey();
const modes = ['sealed', 'signed'] as const;

function options(mode: (typeof modes)[number] = 'sealed', time = now): StoreOptions {
  const keys: KeyInput[] = [mode === 'sealed' ? key : { secret: key, encrypt: false }];
  return { keys, now: () => time };
}

const getFrom = (store: Store) => (request: Request) => store.get(request, 'login');

/** What Python makes of the cookies. */
function read(header: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return ask({ do: 'session', key, name: 'login', now, header, ...more });
}

/** A session as Python shows it, but its flash messages, family, stamp and time of the last write. */
function seen(session: Session): Record<string, unknown> {
  const { createdAt, id, subject, authenticatedAt } = session;
  const values = [...session.entries()].map((entry) => entry.map(notation));
  return { createdAt, id, values, ...(subject !== undefined && { subject, authenticatedAt }) };
}

/** Values of any kind under keys of any kind; no instances of classes, whose registry is no part of a session. */
function fill(session: Session, random: () => number): void {
  const all = Object.entries(kinds).flatMap(([kind, values]) => (kind === 'classes' ? [] : values));
  const pick = () => all[Math.floor(random() * all.length)];
  for (let left = 1 + Math.floor(random() * 5); left > 0; left--) {
    const value = pick();
    if (typeof value !== 'string' || value.length < 1000) session.set(random() < 0.8 ? `key ${left}` : left, value);
  }
}

/** A text that a cookie has no room for. */
const essay = 'é'.repeat(3000);

describe.skipIf(skipped)(skipped ?? 'sessions in Python', () => {
  describe.each(modes)('%s', (mode) => {
    test('a cookie of ours, with any values', async () => {
      const random = randomFrom(20_261_130);
      for (let round = 0; round < 60; round++) {
        const store = cookieStore({ ...options(mode), chunks: 3 });
        let session: Session | undefined;
        const cookie = await visit(getFrom(store), '', (given) => {
          fill(given, random);
          session = given;
          if (round % 3 === 0) given.addFlash({ round }, 'rounds');
          if (round % 5 === 0) given.options.maxAge = 60 * (round + 1);
          if (round % 7 === 0) given.options.maxAge = undefined;
        });
        const told = await read(cookie);
        expect(told).toMatchObject({ ok: true, session: session && seen(session) });
        expect(told.session).toMatchObject({
          flashes: round % 3 === 0 ? { rounds: [{ round }] } : {},
          family: session?.id,
          seenAt: now,
        });
        const maxAge = round % 7 === 0 ? null : round % 5 === 0 ? 60 * (round + 1) : undefined;
        expect(told.session?.['maxAge']).toBe(maxAge);
      }
    });

    test('a login, whose id has changed', async () => {
      const store = cookieStore({ ...options(mode), revocations: new OpenBackend() });
      let before = '';
      let session: Session | undefined;
      const first = await visit(getFrom(store), '', (given) => {
        before = given.set('a', 1).id;
      });
      const second = await visit(getFrom(store), first, async (given) => {
        await given.login('ada');
        session = given;
      });
      const told = await read(second);
      expect(told).toMatchObject({ ok: true, session: session && seen(session) });
      expect(told.session).toMatchObject({ subject: 'ada', authenticatedAt: now, family: before });
    });

    test('a session over several cookies, in any order', async () => {
      const store = cookieStore({ ...options(mode), chunks: 3 });
      const cookie = await visit(getFrom(store), '', (session) => session.set('essay', essay));
      const parts = cookie.split('; ');
      expect(parts).toHaveLength(2);
      expect((await read(parts.toReversed().join('; '))).session).toMatchObject({ values: [['essay', essay]] });
      for (const part of parts) expect(await read(part)).toMatchObject({ ok: false });
      expect(await read(parts[0] ?? '')).toMatchObject({ rejected: 'malformed' });
      const uncounted = cookie.replace('=2.', '=');
      const { rejected } = await store.get({ headers: { cookie: uncounted } }, 'login');
      expect(await read(uncounted)).toMatchObject({ ok: false, rejected });
    });

    test('a session of a tenant', async () => {
      const context = () => 'a.example';
      const store = cookieStore({ ...options(mode), chunks: 3 });
      const { get } = defineSession<Record<string, unknown>>({ store, name: 'login', context });
      for (const text of ['short', essay]) {
        const cookie = await visit(get, '', (session) => session.set('text', text));
        expect((await read(cookie, { tenant: 'a.example' })).session).toMatchObject({ values: [['text', text]] });
        for (const tenant of [undefined, 'b.example', ''])
          expect(await read(cookie, { tenant })).toMatchObject({ rejected: 'tampered' });
      }
    });

    test('a record of a server store, through its moves to its end', async () => {
      const backend = new OpenBackend();
      const store = serverStore({ ...options(mode), backend });
      const told = (cookie: string) => read(cookie, { store: 'server', records: backend.texts() });
      let session: Session | undefined;
      const first = await visit(getFrom(store), '', (given) => {
        session = given.set('essay', essay);
        given.addFlash('hi');
      });
      const opened = await told(first);
      expect(opened).toMatchObject({ ok: true, session: session && seen(session) });
      expect(opened.session).toMatchObject({ flashes: { default: ['hi'] }, seenAt: now });
      const second = await visit(getFrom(store), first, async (given) => {
        await given.login('ada');
        session = given;
      });
      expect((await told(second)).session).toMatchObject({
        ...(session && seen(session)),
        family: opened.session?.['family'],
        authenticatedAt: now,
      });
      expect(await told(first)).toMatchObject({ rejected: 'gone' });
      await visit(getFrom(store), second, (given) => given.logout());
      expect(await told(second)).toMatchObject({ rejected: 'gone' });
    });

    test('a session that has outgrown its cookie', async () => {
      const overflow = new OpenBackend();
      const store = cookieStore({ ...options(mode), overflow });
      const first = await visit(getFrom(store), '', (session) => session.set('essay', ''));
      const second = await visit(getFrom(store), first, (session) => session.set('essay', essay));
      for (const cookie of [first, second])
        expect(await read(cookie, { records: overflow.texts() })).toMatchObject({ ok: true });
      expect((await read(second, { records: overflow.texts() })).session).toMatchObject({ values: [['essay', essay]] });
    });

    test('a cookie of theirs, which our store opens and writes again', async () => {
      const random = randomFrom(7);
      for (const tenant of [undefined, 'a.example']) {
        for (const text of ['short', essay]) {
          const cookieName = random() < 0.5 ? '__Host-login' : '__Secure-login';
          const session = {
            createdAt: now - 100,
            id: 'kJGSk5SVlpeYmZqb',
            values: [
              ['text', text],
              ['cart', notation(new Map([['apple', 2n]]))],
            ],
            flashes: { default: ['hi', { $date: 5 }] },
            subject: 'ada',
            authenticatedAt: now - 50,
          };
          const { header = '' } = await ask({ do: 'write session', key, mode, cookieName, session, tenant, now });
          expect(header.includes('; ')).toBe(text === essay);
          const prefix = cookieName === '__Host-login' ? '__Host-' : '__Secure-';
          const store = cookieStore({ ...options(mode), chunks: 3, cookie: { prefix } });
          const context = () => tenant ?? '';
          const { get } = defineSession<Record<string, unknown>>({
            ...{ store, name: 'login' },
            ...(tenant === undefined ? {} : { context }),
          });
          const again = await visit(get, header, (found) => {
            expect(found.rejected).toBeUndefined();
            const { flashes, ...rest } = session;
            expect(seen(found)).toStrictEqual(rest);
            expect(found.flashes()).toStrictEqual(['hi', new Date(5)]);
            found.set('again', true);
          });
          const told = await read(again, { tenant });
          expect(told.session).toMatchObject({ values: [...session.values, ['again', true]], flashes: {} });
        }
      }
    });
  });

  describe('the end of a session of a cookie store with revocations', () => {
    async function start() {
      const revocations = new OpenBackend();
      const store = cookieStore({ ...options(), revocations });
      const login = (cookie: string) => visit(getFrom(store), cookie, (session) => session.login('ada'));
      const told = (cookie: string) => read(cookie, { revocations: revocations.texts() });
      return { store, login, told };
    }

    test('by a logout', async () => {
      const { store, login, told } = await start();
      const cookie = await login('');
      expect(await told(cookie)).toMatchObject({ ok: true });
      await visit(getFrom(store), cookie, (session) => session.logout());
      expect(await told(cookie)).toMatchObject({ rejected: 'revoked' });
    });

    test('by a new id', async () => {
      const { login, told } = await start();
      const first = await login('');
      const second = await login(first);
      expect(await told(first)).toMatchObject({ rejected: 'gone' });
      expect(await told(second)).toMatchObject({ ok: true });
    });

    test('by revokeAll, which spares one', async () => {
      const { store, login, told } = await start();
      const [one, other] = [await login(''), await login('')];
      let kept = '';
      kept = await visit(getFrom(store), one, (session) => store.revokeAll('ada', { except: session }));
      expect(await told(other)).toMatchObject({ rejected: 'revoked' });
      expect(await told(kept)).toMatchObject({ ok: true, session: { subject: 'ada' } });
      await store.revokeAll('ada');
      expect(await told(kept)).toMatchObject({ rejected: 'revoked' });
      expect(await told(await login(''))).toMatchObject({ ok: true, session: { stamp: expect.any(Number) } });
    });
  });

  test.each<[string, Partial<CookieStoreOptions>, Record<string, number>, number]>([
    ['30 days, the default', {}, {}, 2_592_000],
    ['the max age of the store', { maxAge: 600 }, { maxAge: 600 }, 600],
    ['the idle timeout of the store', { idleTimeout: 90 }, { idleTimeout: 90 }, 90],
  ])('both say expired after %s, at that very second', async (_, given, told, seconds) => {
    const cookie = await visit(getFrom(cookieStore({ ...options(), ...given })), '', (session) => session.set('a', 1));
    for (const [after, rejected] of [
      [seconds - 0.5, undefined],
      [seconds, 'expired'],
    ] as const) {
      const store = cookieStore({ ...options('sealed', now + after), ...given });
      expect((await store.get({ headers: { cookie } }, 'login')).rejected).toBe(rejected);
      expect((await read(cookie, { ...told, now: now + after })).rejected).toBe(rejected);
    }
  });

  test('both give the same reason for a cookie that is no session', async () => {
    const store = cookieStore(options());
    const cookie = await visit(getFrom(store), '', (session) => session.set('a', 1));
    const value = cookie.slice('__Host-login='.length);
    const { token: number } = await ask({ do: 'seal', key, purpose: 'sealring:cookie:__Host-login', value: 7, now });
    const record = [now, {}];
    const { token: nameless } = await ask({
      do: 'seal',
      key,
      purpose: 'sealring:cookie:__Host-login',
      value: record,
      now,
    });
    const odd = [now, { $set: [] }, { $bytes: '00' }];
    const { token: strange } = await ask({ do: 'seal', key, purpose: 'sealring:cookie:__Host-login', value: odd, now });
    const other = await visit(getFrom(cookieStore({ keys: [generateKey()], now: () => now })), '', (session) =>
      session.set('a', 1),
    );
    const changed = `${value.slice(0, 80)}${value[80] === 'A' ? 'B' : 'A'}${value.slice(81)}`;
    const values = ['junk!', `I${value.slice(1)}`, changed, `2.${value}`, number, nameless, strange];
    for (const header of [other, ...values.map((one) => `__Host-login=${one}`)]) {
      const { rejected } = await store.get({ headers: { cookie: header } }, 'login');
      expect(rejected).toBeTypeOf('string');
      expect(await read(header)).toMatchObject({ ok: false, rejected });
    }
  });

  test('the examples of FORMAT.md', async () => {
    const row = (name: string) => cell(examples, name);
    const given = { key: cell(tokens, 'its text form'), now };
    expect((await read(row('first cookie'), given)).session).toStrictEqual({
      ...{ createdAt: now, seenAt: now, id: 'gIGCg4SFhoeIiYqL', family: 'gIGCg4SFhoeIiYqL' },
      ...{ values: [['userId', 42]], flashes: { default: ['Saved'] } },
    });
    expect((await read(row('second cookie'), { ...given, tenant: 'a.example' })).session).toMatchObject({
      ...{ id: 'kJGSk5SVlpeYmZqb', family: 'gIGCg4SFhoeIiYqL', maxAge: null, subject: 'ada' },
      ...{ authenticatedAt: now, stamp: 1_767_225_600_000, values: [['userId', 42]] },
    });
    const records = { [row('id of the record')]: row('bytes of the record') };
    const third = await read(row('third cookie'), { ...given, store: 'server', records });
    expect(third.session).toMatchObject({ id: row('id of the record'), values: [['userId', 42]] });
    const entries = { [row('id of the number')]: row('number'), [row('id of the entry')]: row('entry') };
    const revocable = { ...given, tenant: 'a.example', revocations: entries };
    expect(await read(row('second cookie'), revocable)).toMatchObject({ ok: true });
    const later = { ...entries, [row('id of the number')]: 'N.1767225600001..0.' };
    expect(await read(row('second cookie'), { ...revocable, revocations: later })).toMatchObject({
      rejected: 'revoked',
    });
  });
});
