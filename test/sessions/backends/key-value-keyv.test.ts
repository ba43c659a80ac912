/** keyv() over Keyv, adapters of both generations and a Map, held against the contract; the failures that Keyv keeps to itself. */
import { EventEmitter } from 'node:events';
import {
  createKeyv,
  Keyv,
  KeyvBridgeAdapter,
  KeyvMemoryAdapter,
  type KeyvStorageAdapter,
  type KeyvStorageCapability,
  keyvStorageCapability,
} from 'keyv';
import { describe, expect, it } from 'vitest';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import type { ClosableBackend } from '../../../packages/sessions/src/backends/kit/rows.ts';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { nameOf } from '../../../packages/sessions/src/text.ts';
import { idsOf } from '../support/listing.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const now = () => NOW;

/** Of the older kind: takes a lifetime in milliseconds and drops what has outlived it. */
class LifetimeAdapter extends EventEmitter {
  readonly entries = new Map<string, { value: unknown; until: number }>();
  readonly lifetimes: (number | undefined)[] = [];

  async get(key: string): Promise<unknown> {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until > Date.now() ? entry.value : undefined;
  }

  async set(key: string, value: unknown, ttl?: number): Promise<void> {
    this.lifetimes.push(ttl);
    this.entries.set(key, { value, until: ttl === undefined ? Infinity : Date.now() + ttl });
  }

  async delete(key: string): Promise<boolean> {
    return this.entries.delete(key);
  }

  async clear(): Promise<void> {
    this.entries.clear();
  }
}

/** One that can be iterated. */
class IterableAdapter extends LifetimeAdapter {
  async *iterator(): AsyncGenerator<[string, unknown]> {
    for (const [key, { value }] of this.entries) yield [key, value];
  }
}

/** Of the newer kind: takes the time of the end. Emits its failures and returns nothing, as adapters for servers do by default. */
class SilentAdapter extends IterableAdapter {
  isDown = false;

  get capabilities(): KeyvStorageCapability {
    return keyvStorageCapability(this);
  }

  override get(key: string): Promise<unknown> {
    return this.#unlessDown(() => super.get(key));
  }

  override async set(key: string, value: unknown, expires?: number): Promise<void> {
    await this.#unlessDown(async () => {
      this.lifetimes.push(expires);
      this.entries.set(key, { value, until: expires ?? Infinity });
    });
  }

  override async delete(key: string): Promise<boolean> {
    return (await this.#unlessDown(() => super.delete(key))) ?? false;
  }

  override async *iterator(): AsyncGenerator<[string, unknown]> {
    if (this.isDown) this.emit('error', new Error('the server is down'));
    else yield* super.iterator();
  }

  async #unlessDown<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
    if (!this.isDown) return await action();
    this.emit('error', new Error('the server is down'));
    return undefined;
  }
}

describe.each<{ name: string; create: (now: () => number) => ClosableBackend; isListed?: boolean }>([
  { name: 'new Keyv()', create: (now) => keyv(new Keyv(), { now }) },
  { name: 'a Keyv of texts', create: (now) => keyv(new Keyv<string>({ store: new Map() }), { now }) },
  { name: 'a Keyv with a namespace', create: (now) => keyv(new Keyv({ namespace: 'app' }), { now }) },
  { name: 'createKeyv(), which serializes nothing', create: (now) => keyv(createKeyv(new Map()), { now }) },
  { name: 'a Keyv that encrypts', create: (now) => keyv(new Keyv({ encryption: reversal }), { now }) },
  {
    name: 'a Keyv with statistics and a default ttl',
    create: (now) => keyv(new Keyv({ stats: true, ttl: 1 }), { now }),
  },
  { name: 'no prefix', create: (now) => keyv(new Keyv(), { now, prefix: '' }) },
  { name: "cas 'none'", create: (now) => keyv(new Keyv(), { now, cas: 'none' }) },
  {
    name: 'a Keyv on an adapter with lifetimes',
    create: (now) => keyv(new Keyv(new LifetimeAdapter()), { now }),
    isListed: false,
  },
  {
    name: 'a Keyv on one that iterates',
    create: (now) => keyv(new Keyv({ store: new IterableAdapter(), namespace: 'a' }), { now }),
  },
  { name: 'a Keyv on an adapter with ends', create: (now) => keyv(new Keyv(new SilentAdapter()), { now }) },
  { name: 'an adapter with lifetimes', create: (now) => keyv(new LifetimeAdapter(), { now }), isListed: false },
  { name: 'an adapter that iterates', create: (now) => keyv(new IterableAdapter(), { now }) },
  { name: 'an adapter with ends', create: (now) => keyv(new SilentAdapter(), { now }) },
  { name: 'KeyvMemoryAdapter', create: (now) => keyv(new KeyvMemoryAdapter(new Map(), { namespace: 'a' }), { now }) },
  {
    name: 'KeyvBridgeAdapter',
    create: (now) => keyv(new KeyvBridgeAdapter(new LifetimeAdapter()), { now }),
    isListed: false,
  },
  { name: 'a Map', create: (now) => keyv(new Map(), { now }) },
])('keyv() over $name', ({ create, isListed = true }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());

  it('lists and prunes where all keys can be named, and nowhere else', () => {
    const backend = create(now);
    expect([typeof backend.list, typeof backend.prune]).toEqual(
      isListed ? ['function', 'function'] : ['undefined', 'undefined'],
    );
  });
});

describe('keyv() passes the expiry on', () => {
  const ends: [number, number | undefined][] = [
    [NOW + 100.25, 100_250],
    [NOW + 100.0001, 100_001],
    [NOW, 1],
    [NOW - 1000, 1],
    [-Infinity, 1],
    [Infinity, undefined],
    [1e17, undefined],
  ];

  it.each(ends)('for %d as %d milliseconds', async (expiresAt, lifetime) => {
    const adapter = new LifetimeAdapter();
    await written(keyv(adapter, { now }), 'a', data, { expiresAt });
    expect(adapter.lifetimes).toEqual([lifetime]);
  });

  it.each(ends)('for %d to adapters with ends as that time of the machine', async (expiresAt, lifetime) => {
    for (const wrap of [(adapter: SilentAdapter) => adapter, (adapter: SilentAdapter) => new Keyv(adapter)]) {
      const adapter = new SilentAdapter();
      const before = Date.now();
      await written(keyv(wrap(adapter), { now }), 'a', data, { expiresAt });
      const [end] = adapter.lifetimes;
      if (lifetime === undefined) expect(end).toBeUndefined();
      else expect((end ?? 0) - lifetime).toBeGreaterThanOrEqual(before);
      if (lifetime !== undefined) expect((end ?? 0) - lifetime).toBeLessThanOrEqual(Date.now() + 1);
      expect(end === undefined || Number.isInteger(end)).toBe(true);
    }
  });

  it('so that the Keyv itself drops the record', async () => {
    const map = new Map<string, unknown>();
    const outer = new Keyv(map);
    await written(keyv(outer), 'a', data, { expiresAt: 1 }); // long ago
    const until = Date.now() + 5;
    while (Date.now() < until) await new Promise(setImmediate);
    expect(await outer.get(`sealring:${nameOf('a')}`)).toBeUndefined();
    expect(map.size).toBe(0);
  });
});

describe('keyv() rejects what Keyv reports as a missing value', () => {
  it.each<{ name: string; wrap: (adapter: SilentAdapter) => Keyv | SilentAdapter }>([
    { name: 'a bare adapter', wrap: (adapter) => adapter },
    { name: 'a Keyv to which nobody listens', wrap: (adapter) => new Keyv(adapter) },
    { name: 'a Keyv to which somebody listens', wrap: (adapter) => listened(new Keyv(adapter)) },
  ])('where an adapter emits errors: $name', async ({ wrap }) => {
    const adapter = new SilentAdapter();
    const storage = wrap(adapter);
    const backend = keyv(storage, { now });
    const record = await written(backend, 'a', data, { expiresAt: LATER, subject: 'ann' });
    adapter.isDown = true;
    const calls: (() => unknown)[] = [
      () => backend.get('a'),
      () => write(backend, 'a', data, { expiresAt: LATER }),
      () => write(backend, 'b', data, { expiresAt: LATER, over: null }),
      () => write(backend, 'a', data, { expiresAt: LATER + 1, over: record }),
      () => backend.delete('a'),
      () => backend.prune?.(),
      () => idsOf(backend, 'ann'),
    ];
    for (const call of calls) await expect((async () => call())()).rejects.toBeInstanceOf(SessionError);
    adapter.isDown = false;
    expect(await backend.get('a')).toEqual(record);
    expect(await backend.get('b')).toBeUndefined();
  });

  it('where an adapter throws', async () => {
    const adapter = new LifetimeAdapter();
    const outer = listened(new Keyv(adapter));
    const backend = keyv(outer, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    const { get } = adapter;
    adapter.get = () => Promise.reject(new Error('the server is down'));
    expect(await outer.get(`sealring:${nameOf('a')}`)).toBeUndefined(); // so not through it
    const failed = { code: 'ERR_SESSION_BACKEND', cause: { message: 'the server is down' } };
    await expect(backend.get('a')).rejects.toMatchObject(failed);
    await expect(backend.delete('a')).rejects.toMatchObject(failed);
    adapter.get = get;
    expect(await backend.get('a')).toMatchObject({ data });
  });

  it('where an adapter says that it did not write', async () => {
    const adapter = Object.assign(new Map<string, string>(), { set: () => false });
    const backend = keyv(adapter, { now });
    const failed = { cause: { message: 'The adapter of the Keyv did not write' } };
    await expect(written(backend, 'a', data, { expiresAt: NOW + 1 })).rejects.toMatchObject(failed);
  });

  it('where an adapter keeps nothing', async () => {
    const backend = keyv({ get: () => undefined, set: () => true, delete: () => true }, { now });
    const message = 'Cannot write sessions in the Keyv: it does not have what was written to it';
    await expect(written(backend, 'a', data, { expiresAt: LATER })).rejects.toThrow(message);
  });
});

describe('keyv() takes for nothing', () => {
  it.each([
    { name: 'what cannot be parsed', value: '{"value":' },
    { name: 'what cannot be decrypted', value: 'plain' },
    { name: 'a value of the application', value: '{"value":"mine"}' },
    { name: 'no value', value: '{}' },
    { name: 'null', value: 'null' },
  ])('$name, whether anybody listens or not', async ({ value }) => {
    const map = new Map<string, unknown>();
    const outer = new Keyv(map);
    for (const storage of [outer, listened(new Keyv(map))]) {
      map.set(`sealring:${nameOf('a')}`, { value });
      const backend = keyv(storage, { now });
      expect(await backend.get('a')).toBeUndefined();
      const record = await written(backend, 'a', data, { expiresAt: LATER, over: null });
      expect(await backend.get('a')).toEqual(record);
    }
  });
});

describe('keyv() leaves to the application', () => {
  it('its own keys, its listeners and the Keyv', async () => {
    let isDisconnected = false;
    const outer = new Keyv({ namespace: 'app' });
    outer.on('disconnect', () => (isDisconnected = true));
    await outer.set('mine', 1);
    const backend = keyv(outer, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    expect(await backend.prune?.()).toBe(0);
    await backend.close?.();
    expect(isDisconnected).toBe(false);
    expect(await outer.get('mine')).toBe(1);
    expect(outer.listenerCount('error')).toBe(0); // else Keyv would no longer throw
    expect(await outer.get(`sealring:${nameOf('a')}`)).toBeTypeOf('string');
  });

  it('the choice of another adapter later', async () => {
    const outer = new Keyv();
    const backend = keyv(outer, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    const map = new Map();
    outer.store = map;
    expect(await backend.get('a')).toBeUndefined();
    await written(backend, 'a', data, { expiresAt: LATER });
    expect(map.size).toBe(1);
  });

  it('types: what Keyv declares is accepted as it is', () => {
    const adapter: KeyvStorageAdapter = new KeyvMemoryAdapter(new Map());
    expect(keyv(adapter).cas).toBe('process');
  });
});

const reversal = {
  encrypt: (text: string): string => [...text].reverse().join(''),
  decrypt: (text: string): string => [...text].reverse().join(''),
};

/** Then Keyv no longer throws. */
function listened(storage: Keyv): Keyv {
  storage.on('error', () => {});
  return storage;
}
