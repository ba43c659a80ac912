/** toUnstorage(): one of our backends as a driver of unstorage, and back again through unstorage() against the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, type Driver, prefixStorage } from 'unstorage';
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import type { ClosableBackend } from '../../../packages/sessions/src/backends/kit/rows.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { toUnstorage, unstorage } from '../../../packages/sessions/src/backends/unstorage.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';

const NOW = 2_000_000_000;
const root = mkdtempSync(join(tmpdir(), 'sealring-driver-'));
let folders = 0;

afterAll(() => rmSync(root, { recursive: true }));

describe.each<{ name: string; create: (now: () => number) => ClosableBackend }>([
  {
    name: 'memory()',
    create: (now) => unstorage(createStorage({ driver: toUnstorage(memory({ now }), { now }) }), { now }),
  },
  { name: 'memory(), the bare driver', create: (now) => unstorage(toUnstorage(memory({ now }), { now }), { now }) },
  {
    name: 'file()',
    create: (now) =>
      unstorage(createStorage({ driver: toUnstorage(file(join(root, String(++folders)), { now }), { now }) }), { now }),
  },
  {
    name: 'memory(), there and back twice',
    create: (now) => {
      const once = unstorage(createStorage({ driver: toUnstorage(memory({ now }), { now }) }), { now });
      return unstorage(createStorage({ driver: toUnstorage(once, { now }) }), { now });
    },
  },
])('unstorage() over toUnstorage() over $name', ({ create }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());

  it('neither lists nor prunes, as it cannot', () => {
    const backend = create(() => NOW);
    expect([backend.list, backend.prune]).toEqual([undefined, undefined]);
  });
});

describe('a storage on toUnstorage()', () => {
  it('keeps texts, objects and bytes under any key', async () => {
    const storage = createStorage({ driver: toUnstorage(memory()) });
    const items = {
      a: 'text',
      'a:b': { deep: [1, null] },
      'a/c': 5,
      ['k'.repeat(5000)]: 'long',
      'ä ö': '\u{feff}é\u{1f600}',
      e: '',
    };
    for (const [key, value] of Object.entries(items)) {
      expect(await storage.getItem(key)).toBeNull();
      expect(await storage.hasItem(key)).toBe(false);
      await storage.setItem(key, value);
    }
    for (const [key, value] of Object.entries(items)) {
      expect(await storage.getItem(key)).toEqual(value);
      expect(await storage.hasItem(key)).toBe(true);
    }
    await storage.setItemRaw('raw', Uint8Array.of(0, 255, 128));
    expect(await storage.getItemRaw('raw')).toEqual(Buffer.of(0, 255, 128));
    await storage.removeItem('a');
    await storage.removeItem('a');
    expect(await storage.getItem('a')).toBeNull();
    await prefixStorage(storage, 'app').setItem('a', 'prefixed');
    expect(await storage.getItem('app:a')).toBe('prefixed');
    await storage.setMeta('a:b', { owner: 'ann' });
    expect(await storage.getMeta('a:b')).toEqual({ owner: 'ann' });
  });

  it('keeps items for their ttl in seconds, else for maxAge, else for ever', async () => {
    let time = NOW;
    const clock = { now: () => time };
    const backend = memory(clock);
    const bounded = createStorage({ driver: toUnstorage(backend, { ...clock, maxAge: 100 }) });
    const unbounded = createStorage({ driver: toUnstorage(backend, clock) });
    await bounded.setItem('ttl', 1, { ttl: 200.5 });
    await bounded.setItem('no ttl', 1);
    await bounded.setItem('ttl 0', 1, { ttl: 0 });
    await bounded.setItem('ttl NaN', 1, { ttl: Number.NaN });
    await bounded.setItem('a text as ttl', 1, { ttl: '5000' });
    await unbounded.setItem('for ever', 1);
    const there = async () => {
      const keys = ['ttl', 'no ttl', 'ttl 0', 'ttl NaN', 'a text as ttl', 'for ever'];
      const found = await Promise.all(keys.map((key) => bounded.hasItem(key)));
      return keys.filter((_, at) => found[at]);
    };
    time = NOW + 99;
    expect(await there()).toHaveLength(6);
    time = NOW + 100;
    expect(await there()).toEqual(['ttl', 'for ever']);
    time = NOW + 200.5;
    expect(await there()).toEqual(['for ever']);
    time = NOW + 1e9;
    expect(await there()).toEqual(['for ever']);
  });

  it('names no keys, as the backend cannot, and does not seem to clear', async () => {
    const storage = createStorage({ driver: toUnstorage(memory()) });
    await storage.setItem('a', 1);
    expect(await storage.getKeys()).toEqual([]);
    await expect(storage.clear()).rejects.toThrow('Cannot clear');
    expect(await storage.getItem('a')).toBe(1);
    storage.mount('other', createStorage().getMount().driver);
    await storage.setItem('other:b', 2);
    expect(await storage.getKeys()).toEqual(['other:b']); // those of the other driver all the same
  });

  it('rejects what the backend rejects, and closes it', async () => {
    let closed = 0;
    const broken: Backend & { close(): void } = {
      cas: 'atomic',
      get: () => Promise.reject(new Error('down')),
      set: () => Promise.reject(new Error('down')),
      delete: () => Promise.reject(new Error('down')),
      close: () => void closed++,
    };
    const storage = createStorage({ driver: toUnstorage(broken) });
    await expect(storage.getItem('a')).rejects.toThrow('down');
    await expect(storage.hasItem('a')).rejects.toThrow('down');
    await expect(storage.setItem('a', 1)).rejects.toThrow('down');
    await expect(storage.removeItem('a')).rejects.toThrow('down');
    await storage.dispose();
    expect(closed).toBe(1);
    const { close: _, ...bare } = broken;
    await toUnstorage(bare).dispose();
  });

  it('is a Driver as unstorage declares it', () => {
    const driver: Driver = toUnstorage(memory());
    expect(driver.name).toBe('sealring');
  });
});

describe('toUnstorage()', () => {
  it.each([
    { name: 'nothing', backend: undefined },
    { name: 'null', backend: null },
    { name: 'a storage', backend: createStorage({}).getMount() },
  ])('refuses for a backend: $name', ({ backend }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => toUnstorage(backend)).toThrow(TypeError);
  });

  it.each([
    { name: 'ttl, which is not its name', options: { ttl: 5 }, error: TypeError },
    { name: 'a clock that is a number', options: { now: 5 }, error: TypeError },
    { name: 'a maxAge of 0', options: { maxAge: 0 }, error: RangeError },
    { name: 'a maxAge that is a text', options: { maxAge: '5' }, error: RangeError },
    { name: 'a maxAge of 401 days', options: { maxAge: 401 * 86_400 }, error: RangeError },
  ])('refuses $name', ({ options, error }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => toUnstorage(memory(), options)).toThrow(error);
  });
});
