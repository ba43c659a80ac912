/** unstorage() over real drivers, held against the contract; what they see of a session, their faults, and what 'process' does not cover. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createStorage, type Driver, prefixStorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import fsLiteDriver from 'unstorage/drivers/fs-lite';
import lruCacheDriver from 'unstorage/drivers/lru-cache';
import memoryDriver from 'unstorage/drivers/memory';
import nullDriver from 'unstorage/drivers/null';
import redisDriver from 'unstorage/drivers/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { unstorage } from '../../../packages/sessions/src/backends/unstorage.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { nameOf } from '../../../packages/sessions/src/text.ts';
import { entriesOf } from '../support/listing.ts';
import { missing, startRedis, type TestServer } from '../support/servers.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const now = () => NOW;
const root = mkdtempSync(join(tmpdir(), 'sealring-unstorage-'));
let folders = 0;

afterAll(() => rmSync(root, { recursive: true }));

describe.each<{ name: string; create: (now: () => number) => Backend }>([
  { name: 'createStorage()', create: (now) => unstorage(createStorage(), { now }) },
  { name: 'a storage of texts', create: (now) => unstorage(createStorage<string>(), { now }) },
  { name: 'prefixStorage()', create: (now) => unstorage(prefixStorage(createStorage(), 'app'), { now }) },
  {
    name: 'a mounted driver',
    create: (now) => unstorage(createStorage().mount('a:b', memoryDriver()), { now, prefix: 'a:b:' }),
  },
  { name: 'no prefix', create: (now) => unstorage(createStorage(), { now, prefix: '' }) },
  { name: "cas 'none'", create: (now) => unstorage(createStorage(), { now, cas: 'none' }) },
  { name: 'the driver memory', create: (now) => unstorage(memoryDriver(), { now }) },
  {
    name: 'the driver fs in a storage',
    create: (now) => unstorage(createStorage({ driver: fsDriver({ base: newFolder() }) }), { now }),
  },
  { name: 'the driver fs', create: (now) => unstorage(fsDriver({ base: newFolder() }), { now }) },
  {
    name: 'the driver fs-lite in a storage',
    create: (now) => unstorage(createStorage({ driver: fsLiteDriver({ base: newFolder() }) }), { now }),
  },
  {
    name: 'the driver fs-lite',
    create: (now) => unstorage(fsLiteDriver({ base: newFolder() }), { now, prefix: 'a:b:' }),
  },
  { name: 'the driver lru-cache', create: (now) => unstorage(createStorage({ driver: lruCacheDriver({}) }), { now }) },
])('unstorage() over $name', ({ create }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());
});

describe.skipIf(missing('redis'))('unstorage() over the driver redis', () => {
  let server: TestServer;
  let admin: Redis;
  const drivers: Driver[] = [];
  beforeAll(async () => {
    server = await startRedis('--appendonly', 'yes');
    admin = new Redis(server.port, { retryStrategy: () => 20 });
    admin.on('error', () => {}); // it is stopped on purpose
  });
  afterAll(async () => {
    for (const { dispose } of drivers) await dispose?.();
    admin?.disconnect();
    await server?.remove();
  });

  function newDriver(options: { base?: string } = {}): Driver {
    const fast = { maxRetriesPerRequest: 0, retryStrategy: () => 20, enableOfflineQueue: false, lazyConnect: false };
    const driver = redisDriver({
      host: server.host,
      port: server.port,
      base: `test-${++folders}`,
      ...options,
      ...fast,
    });
    driver.getInstance?.().on('error', () => {});
    drivers.push(driver);
    return driver;
  }

  async function connected(driver: Driver): Promise<Driver> {
    const client: Redis = driver.getInstance?.();
    while (client.status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 5));
    return driver;
  }

  const create = async (now: () => number) =>
    unstorage(createStorage({ driver: await connected(newDriver()) }), { now });
  it.each(backendContract(create))('in a storage: $name', ({ run }) => run());
  it.each(backendContract(async (now) => unstorage(await connected(newDriver()), { now })))('$name', ({ run }) =>
    run(),
  );

  it('leaves it to the server as well to drop what has expired', async () => {
    const backend = unstorage(await connected(newDriver({ base: 'lifetimes' })), { now });
    const lifetime = () => admin.ttl(`lifetimes:sealring:${nameOf('a')}`);
    await written(backend, 'a', data, { expiresAt: NOW + 9_000 });
    expect(await lifetime()).toBeGreaterThan(8_000);
    await written(backend, 'a', data, { expiresAt: NOW + 5_000 });
    expect(await lifetime()).toBeLessThanOrEqual(5_000);
    await written(backend, 'a', data, { expiresAt: Infinity });
    expect(await lifetime()).toBe(-1); // for ever
  });

  it('rejects while the server is away, loses nothing acknowledged, and goes on when it is back', async () => {
    const backend = unstorage(createStorage({ driver: await connected(newDriver()) }), { now });
    const record = await written(backend, 'a', data, { expiresAt: LATER });
    await server.stop();
    await expect(backend.get('a')).rejects.toThrow();
    await expect(write(backend, 'a', data, { expiresAt: LATER, over: record })).rejects.toThrow();
    await expect(backend.delete('a')).rejects.toThrow();
    await expect(backend.prune?.()).rejects.toThrow();
    await server.start();
    for (const driver of drivers) await connected(driver);
    expect(await backend.get('a')).toEqual(record);
    await written(backend, 'a', data, { expiresAt: LATER, over: record });
  });
});

describe.each([
  { name: 'fs', driver: (base: string): Driver => fsDriver({ base }) },
  { name: 'fs-lite', driver: (base: string): Driver => fsLiteDriver({ base }) },
])('unstorage() over $name', ({ driver }) => {
  it('writes one file of a name that any file system keeps apart', async () => {
    const base = newFolder();
    const backend = unstorage(driver(base), { now });
    const id = 'An-Id_that-is-to-be-found-nowhere';
    await written(backend, id, data, { expiresAt: LATER, subject: 'Hash-of-a_subject' });
    const [folder, file, ...more] = readdirSync(base, { recursive: true, encoding: 'utf8' });
    expect([folder, file, more]).toEqual(['sealring', join('sealring', nameOf(id)), []]);
    expect(nameOf(id)).toMatch(/^[0-9a-f]{64}$/);
    const text = readFileSync(join(base, 'sealring', nameOf(id)), 'utf8');
    expect(text).toMatch(/^sealring1,[\w.,-]+$/);
  });

  it.each(['con', 'CON', 'nul', '-', '__proto__', 'x'.repeat(128)])('keeps the id %j where it belongs', async (id) => {
    const base = newFolder();
    const backend = unstorage(driver(base), { now });
    expect(await backend.get(id)).toBeUndefined();
    const record = await written(backend, id, data, { expiresAt: LATER, over: null, subject: 'ann' });
    expect(await backend.get(id)).toEqual(record);
    expect(await entriesOf(backend, 'ann')).toEqual([{ id, expiresAt: LATER }]);
    expect(readdirSync(base, { recursive: true })).toHaveLength(2);
    expect(await backend.delete(id)).toBe(true);
  });

  it('throws the Error that the driver returns, and goes on when it can', async () => {
    const base = newFolder();
    mkdirSync(base);
    writeFileSync(join(base, 'sealring'), 'a file where a folder should be');
    const files = driver(base);
    expect(await files.getItem(`sealring:${nameOf('a')}`)).toMatchObject({ code: 'ENOTDIR' }); // not thrown
    for (const backend of [unstorage(files, { now }), unstorage(createStorage({ driver: files }), { now })]) {
      writeFileSync(join(base, 'sealring'), 'a file where a folder should be');
      await expect(backend.get('a')).rejects.toThrow('ENOTDIR');
      await expect(backend.delete('a')).rejects.toThrow('ENOTDIR');
      await expect(written(backend, 'a', data, { expiresAt: LATER })).rejects.toThrow('ENOTDIR');
      rmSync(join(base, 'sealring'));
      const record = await written(backend, 'a', data, { expiresAt: LATER, over: null });
      expect(await backend.get('a')).toEqual(record);
      rmSync(join(base, 'sealring'), { recursive: true });
    }
  });

  it('takes a file cut anywhere for nothing, and keeps other files', async () => {
    const base = newFolder();
    const backend = unstorage(driver(base), { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    const path = join(base, 'sealring', nameOf('a'));
    const text = readFileSync(path, 'utf8');
    for (let length = 0; length < text.length; length++) {
      writeFileSync(path, text.slice(0, length));
      expect(await backend.get('a')).toBeUndefined();
    }
    writeFileSync(join(base, 'sealring', nameOf('b')), text); // copied to another's place
    writeFileSync(join(base, 'sealring', 'notes.txt'), text);
    expect(await backend.get('b')).toBeUndefined();
    expect(await backend.prune?.()).toBe(0);
    expect(readdirSync(join(base, 'sealring'))).toHaveLength(3);
    await written(backend, 'a', data, { expiresAt: LATER, over: null });
  });

  it('promises nothing beyond one storage: over the same folder both win a creation, with the same storage one does', async () => {
    const base = newFolder();
    for (const isSame of [false, true]) {
      const held = holdSet(driver(base));
      const first = unstorage(held.driver, { now, cas: 'none' });
      const second = isSame ? unstorage(held.driver, { now }) : unstorage(driver(base), { now });
      const id = isSame ? 'same' : 'other';
      const slow = write(first, id, Uint8Array.of(1), { expiresAt: LATER, over: null });
      await held.started; // it has seen that nothing is there, and has not written
      const fast = write(second, id, Uint8Array.of(2), { expiresAt: LATER, over: null });
      if (!isSame) await fast;
      held.letGo();
      const [one, other] = await Promise.all([slow, fast]);
      expect([Boolean(one), Boolean(other)]).toEqual([true, !isSame]);
      expect(await second.get(id)).toEqual(one);
    }
  });

  it('is readable by the driver as before, string by string', async () => {
    const base = newFolder();
    const storage = createStorage({ driver: driver(base) });
    await written(unstorage(storage, { now }), 'a', data, { expiresAt: LATER });
    expect(await storage.getItem(`sealring:${nameOf('a')}`)).toBeTypeOf('string'); // not parsed by unstorage
    expect(statSync(join(base, 'sealring', nameOf('a'))).size).toBeLessThan(150);
    expect(await unstorage(driver(base), { now }).get('a')).toMatchObject({ data }); // without the storage around it
  });
});

it.each([
  [NOW + 100.25, { ttl: 101 }],
  [NOW + 100, { ttl: 100 }],
  [NOW, { ttl: 1 }],
  [NOW - 1000, { ttl: 1 }],
  [-Infinity, { ttl: 1 }],
  [Infinity, {}],
  [1e17, {}], // longer than servers can count
])('unstorage() passes the end at %d on as %o', async (expiresAt, expected) => {
  const passed: unknown[] = [];
  const inner = memoryDriver();
  const setItem: NonNullable<Driver['setItem']> = (key, value, options) => {
    passed.push(options);
    return inner.setItem?.(key, value, options);
  };
  await written(unstorage({ ...inner, setItem }, { now }), 'a', data, { expiresAt });
  expect(passed).toEqual([expected]);
});

describe('unstorage() over a storage that keeps nothing', () => {
  it.each([
    { name: 'the driver null', driver: nullDriver() },
    { name: 'fs with readOnly', driver: fsDriver({ base: newFolder(), readOnly: true }) },
    { name: 'a driver without setItem', driver: readOnly(memoryDriver()) },
  ])('rejects writes: $name', async ({ driver }) => {
    const backend = unstorage(createStorage({ driver }), { now });
    for (let round = 0; round < 2; round++) {
      await expect(written(backend, 'a', data, { expiresAt: LATER })).rejects.toThrow(
        'it does not have what was written',
      );
    }
  });

  it('neither lists nor prunes where the driver does not name its keys', () => {
    for (const storage of [nullDriver(), createStorage({ driver: nullDriver() })]) {
      const backend = unstorage(storage);
      expect([backend.list, backend.prune]).toEqual([undefined, undefined]);
    }
    expect(unstorage(createStorage({ driver: nullDriver() }).mount('sealring', memoryDriver())).list).toBeTypeOf(
      'function',
    );
  });

  it('rejects a list of what are no keys', async () => {
    const driver = { ...memoryDriver(), getKeys: (): string[] => JSON.parse('[null]') };
    await expect(entriesOf(unstorage(driver), 'ann')).rejects.toMatchObject({ cause: expect.any(TypeError) });
  });
});

function newFolder(): string {
  return join(root, String(++folders));
}

function readOnly({ getItem, hasItem, getKeys }: Driver): Driver {
  return { getItem, hasItem, getKeys };
}

/** The first `setItem` waits to be let go. */
function holdSet(inner: Driver): { driver: Driver; started: Promise<void>; letGo: () => void } {
  let letGo = () => {};
  let start = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const started = new Promise<void>((resolve) => (start = resolve));
  const setItem: NonNullable<Driver['setItem']> = async (key, value, options) => {
    start();
    await gate;
    await inner.setItem?.(key, value, options);
  };
  return { driver: { ...inner, setItem }, started, letGo: () => letGo() };
}
