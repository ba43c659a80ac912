/** What the Seal view makes is what the session layer makes: values, flash messages, sizes, chunks and the Set-Cookie line. */
import { generateKey, typeRegistry } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { decodeRecord, type SessionRecord } from '@sealring/wire';
import { cookieStore, save } from 'sealring';
import { describe, expect, it } from 'vitest';
import { newRecord, recordOf } from '../../../site/src/playground/seal/record.ts';
import { type Draft, sealDraft } from '../../../site/src/playground/seal/sealing.ts';
import { nameProblem, setCookieLine } from '../../../site/src/playground/seal/set-cookie.ts';
import { describeSize, measureCookie, measureLength } from '../../../site/src/playground/size/size.ts';

const key = generateKey();
const now = 1_767_225_600;
const VALUES = { user: 42, cart: new Map([['pear', 1n]]) };
const BAGS = new Map([
  ['default', ['Saved', { at: new Date(0) }]],
  ['errors', ['Card declined']],
]);

/** A session of somebody who has logged in. */
function recordWith(values: object): SessionRecord {
  return { ...newRecord(values, now, BAGS), maxAge: 3600, subject: 'u_42', authenticatedAt: now - 5, stamp: 7 };
}

const RECORD = recordWith(VALUES);

function draft(content: Draft['content'], more: Partial<Draft> = {}): Draft {
  const types = typeRegistry();
  const plain = {
    secret: key,
    mode: 'sealed',
    purpose: 'sealring:cookie:__Host-login',
    context: '',
    dictionary: [],
  } as const;
  return { ...plain, now, types, name: '__Host-login', content, ...more };
}

function tokenOf(given: Draft): string {
  const sealed = sealDraft(given);
  if (typeof sealed === 'string') throw new Error(sealed);
  return sealed.token;
}

describe('sealDraft()', () => {
  it.each(['sealed', 'signed'] as const)(
    'makes a %s session that a real store opens with all that it holds',
    async (mode) => {
      const store = cookieStore({ keys: [{ secret: key, encrypt: mode === 'sealed' }], now: () => now + 10 });
      const token = tokenOf(draft({ session: RECORD }, { mode }));
      const request = new Request('https://example.org/', { headers: { cookie: `__Host-login=${token}` } });
      const session = await store.get(request, 'login');
      expect([session.isNew, session.rejected, session.createdAt, session.options.maxAge, session.subject]).toEqual([
        false,
        undefined,
        now,
        3600,
        'u_42',
      ]);
      expect(new Map(session.entries())).toEqual(new Map(Object.entries(VALUES)));
      expect(session.flashes()).toEqual(['Saved', { at: new Date(0) }]);
      expect(session.flashes('errors')).toEqual(['Card declined']);
      expect(session.id).toBe(Buffer.from(RECORD.id ?? []).toString('base64url'));
    },
  );

  it('has keys that are no texts, where the values are a Map', async () => {
    const values = new Map<unknown, unknown>([
      [7, 'seven'],
      ['a', 1],
    ]);
    const token = tokenOf(draft({ session: recordWith(values) }));
    const request = new Request('https://example.org/', { headers: { cookie: `__Host-login=${token}` } });
    const session = await cookieStore({ keys: [key], now: () => now }).get(request, 'login');
    expect(session.get(7)).toBe('seven');
  });

  it('names the value that cannot be sealed as it stands in the field, without the record around it', () => {
    const values = { cart: { price: () => 1 } };
    const message = sealDraft(draft({ session: recordWith(values) }));
    expect(message).toMatch(/^\$\.cart\.price.*\(ERR_SEAL_TYPE_UNKNOWN\)\.$/);
    expect(sealDraft(draft({ value: values }))).toMatch(/^\$\.cart\.price/);
  });

  it('names the largest keys of what browsers would drop, and none of what they take', () => {
    const values = { small: 1, large: 'x'.repeat(4000), medium: 'y'.repeat(900), tiny: 0 };
    const sealed = sealDraft(draft({ session: recordWith(values) }));
    expect(sealed).toMatchObject({
      size: { isDropped: true },
      largest: [
        { key: 'large', bytes: 4003 },
        { key: 'medium', bytes: 903 },
        { key: 'small', bytes: 1 },
      ],
    });
    expect(sealDraft(draft({ session: RECORD }))).toMatchObject({ size: { isDropped: false }, largest: [] });
  });

  it.each([
    ['a dictionary with an empty name', { dictionary: [''] }],
    ['half a character in the purpose', { purpose: '\ud800' }],
    ['a time that no token can have', { now: -1 }],
  ])('says what is wrong with %s', (_name, more) => {
    expect(sealDraft(draft({ value: 1 }, more))).toMatch(/expected/);
  });
});

describe('recordOf()', () => {
  it('makes a record that the inspector reads as the same session', () => {
    const token = tokenOf(draft({ session: RECORD }));
    const { opened } = explain(token, { secrets: [key], name: '__Host-login', now });
    const { contents: _, family: __, ...facts } = RECORD;
    const id = Buffer.from(RECORD.id ?? []).toString('base64url');
    expect(opened?.session).toEqual({ kind: 'session', ...facts, id, family: id, values: VALUES, flashes: BAGS });
  });

  it('is what the session layer decodes', () => {
    expect(recordOf({}, 1)).toEqual([1, {}, expect.any(Uint8Array)]);
    expect(decodeRecord(recordOf(VALUES, now, BAGS))).toMatchObject({
      createdAt: now,
      contents: { values: new Map<string, unknown>(Object.entries(VALUES)) },
      subject: undefined,
    });
  });
});

describe('setCookieLine()', () => {
  it('is what a store writes by itself', async () => {
    const request = new Request('https://example.org/');
    const session = await cookieStore({ keys: [key] }).get(request, 'login');
    session.set('a', 1);
    const [line = ''] = (await save(request, new Response())).headers.getSetCookie();
    const token = line.slice(line.indexOf('=') + 1, line.indexOf(';'));
    expect(setCookieLine('__Host-login', token, undefined)).toBe(`Set-Cookie: ${line}`);
  });

  it.each([
    ['a lifetime of its own', 60],
    ['one until the browser closes', null],
  ])('is what a store writes for %s', async (_name, maxAge) => {
    const request = new Request('https://example.org/');
    const store = cookieStore({ keys: [key], cookie: { prefix: 'none' }, now: () => now });
    const session = await store.get(request, 'cart');
    session.set('a', 1);
    session.options.maxAge = maxAge ?? undefined;
    const [line = ''] = (await save(request, new Response())).headers.getSetCookie();
    const token = line.slice(line.indexOf('=') + 1, line.indexOf(';'));
    expect(setCookieLine('cart', token, maxAge)).toBe(`Set-Cookie: ${line}`);
  });
});

describe('measureCookie()', () => {
  it('counts bytes, not characters, of name and value', () => {
    expect(measureCookie('né', '🍰x').bytes).toBe(3 + 5);
    expect(measureLength('n'.repeat(96), 4000)).toEqual({ bytes: 4096, isDropped: false, chunks: 1 });
    expect(measureLength('n'.repeat(96), 4001)).toEqual({ bytes: 4097, isDropped: true, chunks: 2 });
    expect(describeSize(measureLength('n'.repeat(96), 4000))).toBe('Name and value are 4,096 of 4,096 bytes.');
    expect(describeSize(measureLength('n'.repeat(96), 4001))).toContain('browsers will drop this cookie');
  });

  it.each([3000, 3100, 9000, 12_000])('takes as many chunks as the real store for %i bytes of text', async (length) => {
    const request = new Request('https://example.org/');
    const session = await cookieStore({ keys: [key], chunks: 16 }).get(request, 'login');
    session.set('text', 'x'.repeat(length));
    const pairs = (await save(request, new Response())).headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    const value = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1)).join('');
    const withoutCount = pairs.length === 1 ? value : value.slice(`${pairs.length}.`.length);
    expect(measureCookie('__Host-login', withoutCount).chunks).toBe(pairs.length);
  });

  it.each([
    [4096 - 4, 1],
    [4096 - 4 + 1, 2],
    [4096 - 4 - 2 + (4096 - 6), 2],
    [4096 - 4 - 2 + (4096 - 6) + 1, 3],
  ])('splits %i bytes under a name of four over %i cookies', (length, chunks) => {
    expect(measureLength('name', length).chunks).toBe(chunks);
  });

  it('ends for names that leave no room', () => {
    expect(measureLength('n'.repeat(5000), 100_000).isDropped).toBe(true);
  });
});

describe('nameProblem()', () => {
  it.each(['', '__Host-login', 'a.b', "!#$%&'*+-.^_`|~"])('has nothing against %j', (name) => {
    expect(nameProblem(name)).toBe('');
  });
  it.each(['a b', 'a=b', 'é', 'a;b', '"a"'])('refuses %j', (name) => {
    expect(nameProblem(name)).toContain("A cookie's name is");
  });
});
