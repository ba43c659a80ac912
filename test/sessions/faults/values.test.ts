/** Values: the same result with and without a conflict, whatever way they were changed, and what would not come back is an error of the caller. */
import { describe, expect, it } from 'vitest';
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { visit } from '../support/visit.ts';
import { Watched } from '../support/watched.ts';
import { Browser, kinds, secret } from '../support.ts';

type Deed = (session: Session) => unknown;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Loads, does `mine`, lets `theirs` happen in between if there is one, saves. Returns what the next request finds. */
async function overlap(fill: Deed, mine: Deed, theirs: Deed | undefined): Promise<Session> {
  const store: Store = serverStore({ keys: [secret(1)], backend: new Watched().backend });
  const browser = new Browser();
  await visit(store, browser, fill);
  const request = browser.request();
  await mine(await store.get(request, 'a'));
  if (theirs !== undefined) await visit(store, browser.copy(), theirs);
  await save(request, new Response());
  return await store.get(browser.request(), 'a');
}

/** What a request does, and what must be there afterwards, whether another has changed another key meanwhile or not. */
const cases: [string, Deed, Deed, Record<string, unknown>][] = [
  [
    'get, update, push to the same list',
    (session) => session.set('cart', []),
    (session) => {
      const cart = listOf(session.get('cart'));
      session.update<unknown[]>('cart', (items = []) => {
        items.push('apple');
        return items;
      });
      cart.push('pear');
    },
    { cart: ['apple', 'pear'] },
  ],
  [
    'push, then update',
    (session) => session.set('cart', []),
    (session) => {
      listOf(session.get('cart')).push('apple');
      session.update<unknown[]>('cart', (items = []) => [...items, 'pear']);
    },
    { cart: ['apple', 'pear'] },
  ],
  [
    'set, push to what was set',
    (session) => session.set('n', 1),
    (session) => {
      const cart = ['apple'];
      session.set('cart', cart);
      cart.push('pear');
    },
    { n: 1, cart: ['apple', 'pear'] },
  ],
  [
    'a map in a map, changed in place',
    (session) => session.set('m', new Map([['inner', new Map([['n', 1]])]])),
    (session) => {
      const outer = session.get('m');
      const inner: unknown = outer instanceof Map ? outer.get('inner') : undefined;
      if (inner instanceof Map) inner.set('n', 2);
    },
    { m: new Map([['inner', new Map([['n', 2]])]]) },
  ],
  [
    'a value got by iteration, changed in place',
    (session) => session.set('cart', []),
    (session) => {
      for (const [, value] of session) listOf(value).push('apple');
      for (const value of session.values()) listOf(value).push('pear');
    },
    { cart: ['apple', 'pear'] },
  ],
  [
    'a value changed in place and back again',
    (session) => session.set('cart', ['apple']),
    (session) => {
      listOf(session.get('cart')).push('pear');
      listOf(session.get('cart')).pop();
    },
    { cart: ['apple'] },
  ],
  [
    'delete, then set',
    (session) => session.set('n', 1),
    (session) => {
      session.delete('n');
      session.set('n', 2);
    },
    { n: 2 },
  ],
  ['pop', (session) => session.set('n', 1).set('m', 2), (session) => expect(session.pop('n')).toBe(1), { m: 2 }],
  [
    'clear, then set',
    (session) => session.set('n', 1),
    (session) => {
      session.clear();
      session.set('m', 2);
    },
    { m: 2 },
  ],
];

describe.each(cases)('%s', (_name, fill, mine, expected) => {
  it('without a conflict', async () => {
    expect(Object.fromEntries((await overlap(fill, mine, undefined)).entries())).toStrictEqual(expected);
  });

  it('with a conflict', async () => {
    const theirs: Deed = (session) => session.addFlash('theirs');
    const found = await overlap(fill, mine, theirs);
    expect(Object.fromEntries(found.entries())).toStrictEqual(expected);
    expect(found.peekFlashes()).toStrictEqual(['theirs']);
  });
});

describe('a deletion', () => {
  it('of a key that is not there yet holds against a request that sets it meanwhile', async () => {
    const deny: Deed = (session) => {
      session.delete('admin');
      session.set('seen', true);
    };
    const found = await overlap(
      (session) => session.set('n', 1),
      deny,
      (session) => session.set('admin', true),
    );
    expect(found.has('admin')).toBe(false);
  });

  it('of all keys holds against a request that sets one meanwhile', async () => {
    const clear: Deed = (session) => session.clear();
    const found = await overlap(
      (session) => session.set('n', 1),
      clear,
      (session) => session.set('admin', true),
    );
    expect(found.size).toBe(0);
  });
});

describe.each(kinds)('an update, with %s store', (kind) => {
  it('that throws leaves the value as it was, whatever it had changed in it', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.set('cart', ['apple']).set('n', 1));
    await visit(store, browser, (session) => {
      const fails = () =>
        session.update<unknown[]>('cart', (items = []) => {
          items.push('half');
          throw new Error('of the update');
        });
      expect(fails).toThrow('of the update');
      expect(session.get('cart')).toStrictEqual(['apple']);
      session.set('n', 2);
    });
    const found = await store.get(browser.request(), 'a');
    expect([found.get('cart'), found.get('n')]).toStrictEqual([['apple'], 2]);
  });

  it('that is asynchronous is an error at the save, with the key', async () => {
    const request = new Request('https://example.org/');
    (await kind.create().get(request, 'a')).update<unknown>('n', async () => 1);
    await expect(save(request, new Response())).rejects.toThrow(/\bn\b/);
  });
});

describe.each(kinds)('a key, with %s store', (kind) => {
  it.each<[string, unknown]>([
    ['an object', { id: 1 }],
    ['an array', []],
    ['a date', new Date()],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
  ])('that would never be found again throws where it is set: %s', async (_name, key) => {
    const session = await kind.create().get(new Request('https://example.org/'), 'a');
    const message = /^"key" expected a string or another primitive value, got/;
    expect(() => session.set(key, 1)).toThrow(message);
    expect(() => session.update(key, () => 1)).toThrow(message);
    expect([session.get(key), session.has(key), session.delete(key), session.size]).toStrictEqual([
      undefined,
      false,
      false,
      0,
    ]);
  });

  it('of any primitive type comes back as itself', async () => {
    const store = kind.create();
    const browser = new Browser();
    const keys = ['', '__proto__', 'constructor', 42, '42', -0, 1.5, true, null, undefined, 7n, Number.NaN];
    await visit(store, browser, (session) => {
      for (const [at, key] of keys.entries()) session.set(key, at);
    });
    const found = await store.get(browser.request(), 'a');
    expect(keys.map((key) => found.get(key))).toStrictEqual(keys.map((_, at) => at));
    expect([...found.keys()].length).toBe(keys.length);
  });
});

describe.each(kinds)('a flash message, with %s store', (kind) => {
  it('that is looked at and changed by the handler stays what it was for the next reader', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => session.addFlash({ text: 'hi', seen: 0 }));
    const change: Deed = (session) => {
      for (const message of session.peekFlashes()) {
        if (typeof message === 'object' && message !== null) Reflect.set(message, 'seen', 1);
      }
    };
    await visit(store, browser, change);
    await visit(store, browser, (session) => {
      change(session);
      session.set('n', 1);
    });
    await visit(store, browser, (session) => expect(session.flashes()).toStrictEqual([{ text: 'hi', seen: 0 }]));
  });

  it.each([7, null, {}, Symbol('x')])('in a bag that is no string throws where it is added: %s', async (bag) => {
    const session = await kind.create().get(new Request('https://example.org/'), 'a');
    // @ts-expect-error: what a program without types may pass
    expect(() => session.addFlash('x', bag)).toThrow(/^"bag" expected a string, got/);
  });

  it('is kept for the next request by keepFlashes(), of one bag or of all, before those that are new', async () => {
    const store = kind.create();
    const browser = new Browser();
    await visit(store, browser, (session) => {
      session.addFlash('one');
      session.addFlash('two', 'errors');
    });
    await visit(store, browser, (session) => {
      expect([session.flashes(), session.flashes('errors')]).toStrictEqual([['one'], ['two']]);
      session.addFlash('three');
      session.keepFlashes('default');
      expect(session.peekFlashes()).toStrictEqual(['one', 'three']);
    });
    await visit(store, browser, (session) => {
      expect([session.flashes(), session.flashes('errors')]).toStrictEqual([['one', 'three'], []]);
    });
  });
});
