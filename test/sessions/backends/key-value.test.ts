/** What the backends in key-value stores have in common: turns, failures, sweeping, options. On unstorage's memory driver and a Map. */
import { Keyv } from 'keyv';
import { createStorage } from 'unstorage';
import memoryDriver from 'unstorage/drivers/memory';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import type { KeyValueOptions } from '../../../packages/sessions/src/backends/key-value/options.ts';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { nameOf } from '../../../packages/sessions/src/text.ts';
import { unstorage } from '../../../packages/sessions/src/backends/unstorage.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const now = () => NOW;

describe('two backends on one storage', () => {
  it.each([
    { name: 'unstorage()', pair: () => pairOf(createStorage(), (storage) => unstorage(storage, { now })) },
    { name: 'keyv()', pair: () => pairOf(new Map<string, string>(), (map) => keyv(map, { now })) },
  ])('take turns: $name', async ({ pair }) => {
    const [one, other] = pair();
    for (let round = 0; round < 20; round++) {
      const id = `raced-${round}`;
      const both = [one, other].map((backend) => backend.set(id, data, { expiresAt: LATER, ifVersion: null }));
      const versions = await Promise.all(both);
      expect(versions.filter((version) => version === false)).toHaveLength(1);
      expect(await other.get(id)).toMatchObject({ version: versions.find((version) => version !== false) });
    }
  });

  it('take turns for one record, not for all', async () => {
    const { driver, hold } = heldDriver('setItem');
    const storage = createStorage({ driver });
    const letGo = hold();
    const pending = unstorage(storage, { now }).set('held', data, { expiresAt: LATER });
    expect(await unstorage(storage, { now }).get('another')).toBeUndefined();
    letGo();
    expect(await pending).toBeTypeOf('string');
  });

  it('see each other with the same prefix only', async () => {
    const storage = createStorage();
    await unstorage(storage, { now }).set('a', data, { expiresAt: LATER });
    expect(await unstorage(storage, { now, prefix: 'sealring:' }).get('a')).toMatchObject({ data });
    expect(await unstorage(storage, { now, prefix: 'other:' }).get('a')).toBeUndefined();
    expect(await unstorage(storage, { now, prefix: '' }).get('a')).toBeUndefined();
  });
});

describe('a read', () => {
  it('waits for a write that is under way, as drivers write in place', async () => {
    const { driver, hold, started } = heldDriver('setItem', (value) => value.slice(0, 40));
    const backend = unstorage(driver, { now });
    await backend.set('a', data, { expiresAt: LATER });
    const letGo = hold();
    const write = backend.set('a', Uint8Array.of(9), { expiresAt: LATER });
    await started();
    const reads = [backend.get('a'), backend.get('a')];
    letGo();
    expect(await Promise.all(reads)).toMatchObject([{ data: Uint8Array.of(9) }, { data: Uint8Array.of(9) }]);
    await write;
  });

  it('is shared by those who wait for it, and its bytes are not', async () => {
    const { driver, calls } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await backend.set('a', data, { expiresAt: LATER });
    const before = calls();
    const records = await Promise.all(Array.from({ length: 10 }, () => backend.get('a')));
    expect(calls() - before).toBe(1);
    records[0]?.data.fill(0);
    expect(records[1]?.data).toEqual(data);
  });

  it('that fails fails alone', async () => {
    const { driver, failNext } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await backend.set('a', data, { expiresAt: LATER });
    failNext();
    await expect(backend.get('a')).rejects.toThrow('refused by the test');
    expect(await backend.get('a')).toMatchObject({ data });
  });
});

describe('a write', () => {
  it('that fails rejects, changes nothing and leaves the next its turn', async () => {
    const { driver, failNext } = heldDriver('setItem');
    const backend = unstorage(driver, { now });
    const version = String(await backend.set('a', data, { expiresAt: LATER }));
    failNext();
    const failing = backend.set('a', Uint8Array.of(9), { expiresAt: LATER, ifVersion: version });
    const next = backend.set('a', Uint8Array.of(8), { expiresAt: LATER, ifVersion: version });
    await expect(failing).rejects.toThrow('refused by the test');
    expect(await next).toBeTypeOf('string');
    failNext();
    await expect(backend.touch('a', LATER + 5)).rejects.toThrow('refused by the test');
    expect(await backend.get('a')).toMatchObject({ data: Uint8Array.of(8), expiresAt: LATER });
  });

  it('reads the first text that lasts back, and no other', async () => {
    const { driver, calls } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await backend.set('a', data, { expiresAt: NOW - 1 });
    await backend.set('a', data, { expiresAt: NOW + 59 });
    expect(calls()).toBe(0);
    for (const expiresAt of [LATER, Infinity, LATER]) await backend.set('a', data, { expiresAt });
    expect(calls()).toBe(1);
  });

  it('of what has expired replaces what was there', async () => {
    const backend = unstorage(createStorage(), { now });
    await backend.set('a', data, { expiresAt: LATER });
    expect(await backend.set('a', data, { expiresAt: -Infinity })).toBeTypeOf('string');
    expect(await backend.get('a')).toBeUndefined();
  });
});

describe('a deletion', () => {
  it.each([
    { name: 'its error', result: new Error('EBUSY'), message: 'EBUSY' },
    { name: 'nothing', result: undefined, message: 'The store still has what was deleted' },
  ])('that did not happen rejects where the driver returns $name', async ({ result, message }) => {
    const driver = { ...memoryDriver(), removeItem: () => result };
    const backend = unstorage(driver, { now });
    await backend.set('a', data, { expiresAt: LATER });
    await expect(backend.delete('a')).rejects.toThrow(message);
    expect(await backend.get('a')).toMatchObject({ data });
  });
});

it('list() takes each key once, whatever the store names, and no other', async () => {
  const inner = memoryDriver();
  const asked: string[] = [];
  const driver = {
    ...inner,
    getItem: (key: string) => inner.getItem(key, asked.push(key) && {}),
    getKeys: () => ['sealring:', 'mine', 'sealring:mine', nameOf('a'), ...Array(3).fill(`sealring:${nameOf('a')}`)],
  };
  const backend = unstorage(driver, { now });
  await backend.set('a', data, { expiresAt: NOW + 1, subject: 'ann' });
  expect(await idsOf(backend, 'ann')).toEqual(['a']);
  expect(asked).toEqual([`sealring:${nameOf('a')}`]);
});

describe('expired records', () => {
  it('of a Map and of local drivers go in passing, with later sets', async () => {
    for (const kind of ['unstorage', 'keyv', 'Keyv']) {
      const driver = memoryDriver();
      const map = new Map<string, unknown>();
      let time = NOW;
      const clock = { now: () => time };
      const backend =
        kind === 'unstorage'
          ? unstorage(createStorage({ driver }), clock)
          : keyv(kind === 'keyv' ? map : new Keyv(map), clock);
      const size = () => (kind === 'unstorage' ? driver.getInstance?.() : map)?.size;
      for (let at = 0; at < 1_000; at++) await backend.set(`abandoned-${at}`, data, { expiresAt: LATER });
      time = LATER;
      for (let batch = 0; batch < 6; batch++) {
        for (let at = 0; at < 64; at++) await backend.set(`kept-${batch}-${at}`, data, { expiresAt: Infinity });
        await backend.close?.(); // waits for the sweep that has begun
      }
      expect(size()).toBe(384);
    }
  });

  it('elsewhere go by prune alone, as it may cost money to look', async () => {
    const driver = { ...memoryDriver(), name: 'a service' };
    let time = NOW;
    const backend = unstorage(driver, { now: () => time });
    for (let at = 0; at < 70; at++) await backend.set(`abandoned-${at}`, data, { expiresAt: LATER });
    time = LATER;
    for (let at = 0; at < 64; at++) await backend.set(`kept-${at}`, data, { expiresAt: Infinity });
    await backend.close?.();
    expect(driver.getInstance?.().size).toBe(134);
    expect(await backend.prune?.()).toBe(70);
    expect(driver.getInstance?.().size).toBe(64);
  });

  it('do not stop a sweep that fails, nor is it noticed', async () => {
    const { driver, failNext } = heldDriver('removeItem');
    let time = NOW;
    const backend = unstorage(driver, { now: () => time });
    await backend.set('abandoned', data, { expiresAt: LATER });
    time = LATER;
    failNext();
    for (const expected of [65, 129, 192]) {
      for (let at = 0; at < 64; at++) await backend.set(`kept-${expected}-${at}`, data, { expiresAt: Infinity });
      await backend.close?.();
      expect(await driver.getKeys('', {})).toHaveLength(expected);
    }
  });
});

describe.each<{ where: string; make: (options?: KeyValueOptions) => Backend; give: (storage: unknown) => Backend }>([
  {
    where: 'unstorage()',
    make: (options) => unstorage(createStorage(), options),
    // @ts-expect-error: what JavaScript may pass
    give: (storage) => unstorage(storage),
  },
  {
    where: 'keyv()',
    make: (options) => keyv(new Map(), options),
    // @ts-expect-error: what JavaScript may pass
    give: (storage) => keyv(storage),
  },
])('$where', ({ where, make, give }) => {
  it.each([
    {
      name: 'an unknown option',
      options: { ttl: 5 },
      message: `${where} has no option "ttl"; it takes now, prefix, cas`,
    },
    { name: 'a clock', options: { now: 5 }, message: '"now" expected a function that gives seconds, got 5' },
    { name: 'a prefix', options: { prefix: 5 }, message: '"prefix" expected a text, got 5' },
  ])('refuses $name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => make(options)).toThrow(new TypeError(message));
  });

  it.each(['sealring', ':', 'a::', '../', '..:', 'a/b:', 'a?b:', 'ä:', 'a:\n'])('refuses the prefix %j', (prefix) => {
    expect(() => make({ prefix })).toThrow(RangeError);
  });

  it('says how far its compare-and-set can be relied on', () => {
    expect([make().cas, make({ cas: 'none' }).cas]).toEqual(['process', 'none']);
    // @ts-expect-error: what JavaScript may pass
    expect(() => make({ cas: 'atomic' })).toThrow(RangeError);
  });

  it.each([
    { name: 'null', storage: null },
    { name: 'nothing', storage: undefined },
    { name: 'a text', storage: 'fs' },
    { name: 'a function', storage: memoryDriver },
    { name: 'an empty object', storage: {} },
    { name: 'a storage that can only be read', storage: { getItem() {}, getKeys() {} } },
    { name: 'an adapter that cannot delete', storage: { get() {}, set() {} } },
  ])('refuses for a storage: $name', ({ storage }) => {
    expect(() => give(storage)).toThrow(TypeError);
  });
});

function pairOf<Storage>(storage: Storage, make: (storage: Storage) => Backend): [Backend, Backend] {
  return [make(storage), make(storage)];
}

async function idsOf(backend: Backend, subject: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of backend.list?.(subject) ?? []) ids.push(id);
  return ids;
}

/** The memory driver, one of whose methods counts its calls and can be held or made to fail. @param half what is written first of a value. */
function heldDriver(method: 'getItem' | 'setItem' | 'removeItem', half: (value: string) => string = (value) => value) {
  const inner = memoryDriver();
  let calls = 0;
  let isFailing = false;
  let gate = Promise.resolve();
  const started = createGate();
  const pass = async () => {
    calls++;
    if (isFailing) {
      isFailing = false;
      throw new Error('refused by the test');
    }
    started.open();
    await gate;
  };
  const driver = {
    ...inner,
    [method]: async (key: string, value: string) => {
      if (method === 'setItem' && !isFailing) await inner.setItem?.(key, half(value), {});
      await pass();
      if (method === 'getItem') return await inner.getItem(key);
      if (method === 'removeItem') return await inner.removeItem?.(key, {});
      return await inner.setItem?.(key, value, {});
    },
  };
  return {
    driver,
    calls: () => calls,
    failNext: () => (isFailing = true),
    started: () => started.opened,
    hold() {
      const held = createGate();
      gate = held.opened;
      return held.open;
    },
  };
}

function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
