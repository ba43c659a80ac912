/** What visitors send in place of a session: never an error, never a question to a backend. What a stolen backend gives away: nothing. */
import { Buffer } from 'node:buffer';
import { createSealer } from '@sealring/codec';
import { cookiePurpose } from '@sealring/wire';
import { describe, expect, it } from 'vitest';
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { growth, MAX_GROWTH } from '../../codec/growth.ts';
import { Watched } from '../support/watched.ts';
import { Browser, secret } from '../support.ts';

const NAME = '__Host-a';
const MEGABYTE = 1_000_000;

const createStores: [string, (watched: Watched) => Store][] = [
  ['a cookie store', () => cookieStore({ keys: [secret(1)] })],
  ['a cookie store with chunks', () => cookieStore({ keys: [secret(1)], chunks: 8 })],
  ['a server store', ({ backend }) => serverStore({ keys: [secret(1)], backend })],
];

/** Cookie headers that hold no session: with a cookie of the name, so that something is rejected. */
const rejected: [string, string][] = [
  ['a value of 1 MB', `${NAME}=${'A'.repeat(MEGABYTE)}`],
  ['1 MB that starts like a token', `${NAME}=EQ${'A'.repeat(MEGABYTE)}`],
  ['10,000 cookies of the name', Array.from({ length: 10_000 }, (_, at) => `${NAME}=${at}x`).join('; ')],
  [
    '10,000 chunks',
    `${NAME}=9.x; ${Array.from({ length: 10_000 }, (_, at) => `${NAME}.${at % 16}=x${at}`).join('; ')}`,
  ],
  ['1 MB of other cookies before it', `${'b=c; '.repeat(MEGABYTE / 5)}${NAME}=x`],
  ['NUL', `${NAME}=a\0b`],
  ['control characters', `${NAME}=\x01\x02\x1b[2J\x7f`],
  ['a line break and a header', `${NAME}=a\r\nSet-Cookie: b=c`],
  ['half a surrogate pair', `${NAME}=\ud800`],
  ['no ASCII', `${NAME}=é😀`],
  ['broken percent-encoding', `${NAME}=%E0%A4%A; ${NAME}=%; ${NAME}=%zz`],
  ['quotes without end', `${NAME}="abc`],
  ['many =', `${NAME}=${'='.repeat(1000)}`],
  ['a count without chunks', `${NAME}=3.abc`],
  ['a count of 0', `${NAME}=0.abc; ${NAME}.1=x`],
  ['a count of 1', `${NAME}=1.abc; ${NAME}.1=x`],
  ['a count of 17', `${NAME}=17.abc; ${NAME}.1=x`],
  ['a count of 10 to the 30', `${NAME}=1${'0'.repeat(30)}.abc; ${NAME}.1=x`],
  ['a negative count', `${NAME}=-2.abc; ${NAME}.1=x`],
  ['a fractional count', `${NAME}=2.5.abc; ${NAME}.1=x`],
  ['a path', `${NAME}=../../../../etc/passwd`],
  ['an absolute path', `${NAME}=/etc/passwd%00`],
  ['SQL', `${NAME}=' OR 1=1; DROP TABLE sessions --`],
  ['__proto__', `${NAME}=__proto__; __proto__=x; constructor=y`],
  ['a pattern of a key-value store', `${NAME}=*`],
  ['JSON', `${NAME}={"__proto__":{"isNew":false}}`],
];

/** Cookie headers of any length that hold no session. */
const growing: [string, (length: number) => string][] = [
  ['a long value', (length) => `${NAME}=${'A'.repeat(length)}`],
  ['what starts like a token', (length) => `${NAME}=EQ${'A'.repeat(length)}`],
  ['cookies of the name', (length) => `${NAME}=x; `.repeat(length / 12)],
  ['chunks', (length) => `${NAME}=9.x; ${`${NAME}.1=x; ${NAME}.2=y; `.repeat(length / 28)}`],
  ['other cookies', (length) => `${'b=c; '.repeat(length / 5)}${NAME}=x`],
  ['spaces', (length) => `${NAME}=x${' '.repeat(length)}`],
];

/** Cookie headers without a cookie of the name that has a value. */
const foreign: [string, string][] = [
  ['nothing', ''],
  ['an empty cookie', `${NAME}=`],
  ['the name alone', NAME],
  ['a name that starts with it', `${NAME}b=x`],
  ['another case', '__host-A=x'],
  ['chunks alone', `${NAME}.1=x; ${NAME}.2=y`],
  ['1 MB of semicolons', ';'.repeat(MEGABYTE)],
  ['1 MB of spaces', ' '.repeat(MEGABYTE)],
  ['100,000 other cookies', Array.from({ length: 100_000 }, (_, at) => `c${at}=v`).join('; ')],
  ['NUL before the name', `\0${NAME}=x`],
  ['__proto__ as a name', '__proto__=x; __proto__=y; toString=z'],
];

describe.each(createStores)('%s, sent', (_kind, create) => {
  const get = async (cookie: string) => {
    const watched = new Watched();
    const request = { headers: { cookie } };
    const session = await create(watched).get(request, 'a');
    return { session, watched, request };
  };

  it.each(rejected)('%s, gives a fresh session, says why, and asks no backend', async (_name, cookie) => {
    const { session, watched, request } = await get(cookie);
    expect(session.isNew).toBe(true);
    expect(session.size).toBe(0);
    expect(session.rejected).toBe('malformed');
    expect(watched.calls).toStrictEqual([]);
    expect((await save(request, new Response())).headers.getSetCookie()).toStrictEqual([]);
  });

  it.each(growing)('%s, takes time that grows as the header does', async (_name, headerOf) => {
    const store = create(new Watched());
    const run = async (length: number) => {
      expect((await store.get({ headers: { cookie: headerOf(length) } }, 'a')).rejected).toBe('malformed');
    };
    expect(await growth(run, MEGABYTE)).toBeLessThan(MAX_GROWTH);
  });

  it.each(foreign)('%s, gives a fresh session, rejects nothing, and asks no backend', async (_name, cookie) => {
    const { session, watched } = await get(cookie);
    expect(session).toMatchObject({ isNew: true, size: 0, rejected: undefined });
    expect(watched.calls).toStrictEqual([]);
  });

  it('every cut and 200 changes of a genuine cookie, asks no backend', async () => {
    const watched = new Watched();
    const store = create(watched);
    const value = (await login(store)).cookies.get(NAME) ?? '';
    watched.calls.length = 0;
    const cuts = Array.from({ length: value.length - 1 }, (_, at) => value.slice(0, at + 1));
    const changes = Array.from({ length: 200 }, (_, at) => changeAt(value, (at * 7919) % value.length));
    for (const cookie of [...cuts, ...changes, value + value, `${value}A`]) {
      const session = await store.get({ headers: { cookie: `${NAME}=${cookie}` } }, 'a');
      expect(session).toMatchObject({ isNew: true, size: 0, rejected: expect.any(String) });
    }
    expect(watched.calls).toStrictEqual([]);
  });

  it.each<[string, unknown]>([
    ['a path', '../../../../etc/passwd'],
    ['an object', { toString: 1, constructor: 2 }],
    ['31 bytes', new Uint8Array(31)],
    ['33 bytes', new Uint8Array(33)],
    ['a number', 7],
    ['an empty list', []],
    ['a list of another kind', [1, 2, 3, 4, 5, 6, 7]],
    ['null', null],
  ])('%s that is sealed with the right key, has the payload rejected and asks no backend', async (_name, value) => {
    const cookie = `${NAME}=${createSealer({ keys: [secret(1)], purpose: cookiePurpose(NAME), reserved: true }).seal(value)}`;
    const { session, watched } = await get(cookie);
    expect(session).toMatchObject({ isNew: true, size: 0, rejected: 'payload' });
    expect(watched.calls).toStrictEqual([]);
  });
});

it('a dump of a backend holds no value, no key, no subject and nothing of the cookie', async () => {
  const watched = new Watched();
  const store = serverStore({ keys: [secret(1)], backend: watched.backend });
  const browser = new Browser();
  const cookies: string[] = [];
  const visit = async (change: (session: Session) => unknown) => {
    await browser.visit(async (request) => {
      await change(await store.get(request, 'a'));
      return save(request, new Response());
    });
    cookies.push(...browser.cookies.values());
  };
  await visit((session) => {
    session.set('card-number', '4111-1111-1111-1111').addFlash('A private message', 'private-bag');
    return session.login('alice@example.org');
  });
  await visit((session) => session.set('card-number', '5500-0000-0000-0004'));
  await visit((session) => session.regenerate());
  await visit((session) => session.update('visits', (visits = 0) => visits + 1));
  await store.revokeAll('alice@example.org');
  await visit((session) => session.login('bob'));
  await visit((session) => session.logout());

  const dump = watched.given.join('\n');
  expect(watched.calls.filter((verb) => verb === 'set').length).toBeGreaterThan(3);
  const texts = ['card-number', '4111', '5500-', 'private', 'alice', 'example.org', 'visits', '__Host', 'login'];
  for (const text of texts) expect(dump).not.toContain(text);
  const sealer = createSealer({ keys: [secret(1)], purpose: cookiePurpose(NAME), reserved: true });
  for (const cookie of new Set(cookies)) {
    // After the first 11 characters, which say the format, the key and the time: those of a record's seal are the same.
    for (let at = 11; at + 12 <= cookie.length; at++) expect(dump).not.toContain(cookie.slice(at, at + 12));
    const token = sealer.open(cookie).value;
    if (!(token instanceof Uint8Array)) throw new Error('expected 32 bytes');
    for (const encoding of ['latin1', 'hex', 'base64url', 'base64'] as const) {
      expect(dump).not.toContain(Buffer.from(token).toString(encoding));
    }
  }
});

async function login(store: Store): Promise<Browser> {
  const browser = new Browser();
  await browser.visit(async (request) => {
    (await store.get(request, 'a')).set('n', 1).set('list', []);
    return save(request, new Response());
  });
  return browser;
}

/** Another character of base64url in one place, in the bits that count in every place. */
function changeAt(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'g' ? 'w' : 'g'}${text.slice(at + 1)}`;
}
