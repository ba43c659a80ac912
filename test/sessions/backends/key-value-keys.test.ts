/** keyv() and unstorage() find the sessions of a subject among all keys of a store, or say that they cannot. */
import { createStorage } from 'unstorage';
import memoryDriver from 'unstorage/drivers/memory';
import { describe, expect, it } from 'vitest';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { unstorage } from '../../../packages/sessions/src/backends/unstorage.ts';
import { nameOf } from '../../../packages/sessions/src/text.ts';
import { idsOf } from '../support/listing.ts';
import { written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const subject = 'ann';
const now = () => NOW;

/** As those of @keyv/redis and @keyv/valkey: takes its namespace off its keys if it is told, and names no others otherwise. */
class NamespacedAdapter {
  readonly entries = new Map<string, string>();
  readonly namespace: string | undefined;
  readonly separator: string;
  writes = 0;

  constructor(namespace?: string, separator = '::') {
    this.namespace = namespace;
    this.separator = separator;
  }

  async get(key: string): Promise<string | undefined> {
    return this.entries.get(this.#inner(key));
  }

  async set(key: string, value: string): Promise<void> {
    this.writes++;
    this.entries.set(this.#inner(key), value);
  }

  async delete(key: string): Promise<boolean> {
    return this.entries.delete(this.#inner(key));
  }

  async *iterator(namespace?: string): AsyncGenerator<[string, string]> {
    const start = namespace === undefined ? '' : namespace + this.separator;
    for (const [key, value] of this.entries) {
      if (namespace === undefined && key.includes(this.separator)) continue;
      if (key.startsWith(start)) yield [key.slice(start.length), value];
    }
  }

  #inner(key: string): string {
    return this.namespace === undefined ? key : this.namespace + this.separator + key;
  }
}

describe('keyv() lists and prunes', () => {
  it.each([
    { name: 'without a namespace', adapter: new NamespacedAdapter() },
    { name: 'with a namespace', adapter: new NamespacedAdapter('app') },
    { name: 'with a namespace and a colon', adapter: new NamespacedAdapter('app', ':') },
  ])('in an adapter $name', async ({ adapter }) => {
    const backend = keyv(adapter, { now });
    await written(backend, 'a', data, { expiresAt: LATER, subject });
    await written(backend, 'b', data, { expiresAt: NOW - 1, subject });
    expect(await idsOf(backend, subject)).toEqual(['a']);
    expect(await backend.prune?.()).toBe(1);
    expect(adapter.entries.size).toBe(1); // and nothing of its own
  });

  it('after it has looked once whether it can', async () => {
    const adapter = new NamespacedAdapter('app');
    const backend = keyv(adapter, { now });
    expect(await idsOf(backend, subject)).toEqual([]);
    expect(adapter.writes).toBe(1);
    expect(await idsOf(backend, subject)).toEqual([]);
    expect(await backend.prune?.()).toBe(0);
    expect(adapter.writes).toBe(1);
    expect(adapter.entries.size).toBe(0);
  });
});

describe('throws from list() and prune(), so that nobody is told that all sessions are ended,', () => {
  const message = (where: string) => `Cannot list sessions in ${where}: a key just written is not among its keys`;

  it('keyv() over an adapter that leaves out all keys with a colon', async () => {
    const adapter = new NamespacedAdapter(undefined, ':');
    const backend = keyv(adapter, { now });
    await written(backend, 'a', data, { expiresAt: LATER, subject });
    for (let round = 0; round < 2; round++) {
      await expect(idsOf(backend, subject)).rejects.toThrow(message('the Keyv'));
      await expect(idsOf(backend, 'of-nobody')).rejects.toThrow(message('the Keyv'));
      await expect(backend.prune?.()).rejects.toThrow(message('the Keyv'));
    }
    expect(adapter.entries.size).toBe(1);
    expect(await idsOf(keyv(adapter, { now, prefix: '' }), subject)).toEqual([]); // nothing is there, and that is true
  });

  it('keyv() over an adapter that names its first keys only', async () => {
    const adapter = new NamespacedAdapter();
    const firstTwo = async function* () {
      yield* [...adapter.entries].slice(0, 2);
    };
    const backend = keyv(Object.assign(adapter, { iterator: firstTwo }), { now });
    for (const id of ['a', 'b', 'c']) await written(backend, id, data, { expiresAt: LATER, subject });
    await expect(idsOf(backend, subject)).rejects.toThrow(message('the Keyv'));
  });

  it('unstorage() over a driver that names none', async () => {
    const driver = { ...memoryDriver(), name: 'a service', getKeys: () => [] };
    const backend = unstorage(createStorage({ driver }), { now });
    await written(backend, 'a', data, { expiresAt: LATER, subject });
    await expect(idsOf(backend, subject)).rejects.toThrow(message('the storage'));
    await expect(backend.prune?.()).rejects.toThrow(message('the storage'));
  });

  it('unstorage() over a driver that names what was there a while ago, until it has caught up', async () => {
    const inner = memoryDriver();
    let named: readonly string[] = [];
    const backend = unstorage({ ...inner, name: 'a service', getKeys: () => [...named] }, { now });
    await written(backend, 'a', data, { expiresAt: LATER, subject });
    await expect(idsOf(backend, subject)).rejects.toThrow(message('the storage'));
    const caughtUp = unstorage({ ...inner, name: 'a service' }, { now });
    named = await inner.getKeys('', {});
    expect(await idsOf(caughtUp, subject)).toEqual(['a']);
  });
});

it('list() takes each key once, whatever the store names, and no other', async () => {
  const inner = memoryDriver();
  const asked: string[] = [];
  const key = `sealring:${nameOf('a')}`;
  const driver = {
    ...inner,
    getItem: (one: string) => inner.getItem(one, asked.push(one) && {}),
    getKeys: async () => [
      ...(await inner.getKeys('', {})),
      'sealring:',
      'mine',
      'sealring:mine',
      nameOf('a'),
      key,
      key,
    ],
  };
  const backend = unstorage(driver, { now });
  await written(backend, 'a', data, { expiresAt: NOW + 1, subject });
  asked.length = 0;
  expect(await idsOf(backend, subject)).toEqual(['a']);
  expect(asked).toEqual([key]);
});
