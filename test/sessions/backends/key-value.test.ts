/** What the backends in key-value stores have in common: turns, failures, sweeping, options. On unstorage's memory driver and a Map. */
import { Keyv } from 'keyv';
import { createStorage } from 'unstorage';
import memoryDriver from 'unstorage/drivers/memory';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import type { KeyValueOptions } from '../../../packages/sessions/src/backends/key-value/options.ts';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { unstorage } from '../../../packages/sessions/src/backends/unstorage.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const now = () => NOW;
const failed = { code: 'ERR_SESSION_BACKEND', cause: { message: 'failed by the test' } };

describe('two backends on one storage', () => {
  it.each([
    { name: 'unstorage()', pair: () => pairOf(createStorage(), (storage) => unstorage(storage, { now })) },
    { name: 'keyv()', pair: () => pairOf(new Map<string, string>(), (map) => keyv(map, { now })) },
  ])('take turns: $name', async ({ pair }) => {
    const [one, other] = pair();
    for (let round = 0; round < 20; round++) {
      const id = `raced-${round}`;
      const both = [one, other].map((backend) => write(backend, id, data, { expiresAt: LATER, over: null }));
      const records = await Promise.all(both);
      expect(records.filter((record) => record === false)).toHaveLength(1);
      expect(await other.get(id)).toEqual(records.find((record) => record !== false));
    }
  });

  it('take turns for one record, not for all', async () => {
    const { driver, hold } = heldDriver('setItem');
    const storage = createStorage({ driver });
    const letGo = hold();
    const pending = written(unstorage(storage, { now }), 'held', data, { expiresAt: LATER });
    expect(await unstorage(storage, { now }).get('another')).toBeUndefined();
    letGo();
    await pending;
  });

  it('see each other with the same prefix only', async () => {
    const storage = createStorage();
    await written(unstorage(storage, { now }), 'a', data, { expiresAt: LATER });
    expect(await unstorage(storage, { now, prefix: 'sealring:' }).get('a')).toMatchObject({ data });
    expect(await unstorage(storage, { now, prefix: 'other:' }).get('a')).toBeUndefined();
    expect(await unstorage(storage, { now, prefix: '' }).get('a')).toBeUndefined();
  });
});

describe('a read', () => {
  it('waits for a write that is under way, as drivers write in place', async () => {
    const { driver, hold, started } = heldDriver('setItem', (value) => value.slice(0, 40));
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    const letGo = hold();
    const writing = written(backend, 'a', Uint8Array.of(9), { expiresAt: LATER });
    await started();
    const reads = [backend.get('a'), backend.get('a')];
    letGo();
    expect(await Promise.all(reads)).toMatchObject([{ data: Uint8Array.of(9) }, { data: Uint8Array.of(9) }]);
    await writing;
  });

  it('is shared by those who wait for it, and its bytes are not', async () => {
    const { driver, calls } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    const before = calls();
    const records = await Promise.all(Array.from({ length: 10 }, () => backend.get('a')));
    expect(calls() - before).toBe(1);
    records[0]?.data.fill(0);
    expect(records[1]?.data).toEqual(data);
  });

  it('that fails fails alone', async () => {
    const { driver, failNext } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    failNext();
    await expect(backend.get('a')).rejects.toMatchObject(failed);
    expect(await backend.get('a')).toMatchObject({ data });
  });
});

describe('a write', () => {
  it('that fails rejects, changes nothing and leaves the next its turn', async () => {
    const { driver, failNext } = heldDriver('setItem');
    const backend = unstorage(driver, { now });
    const over = await written(backend, 'a', data, { expiresAt: LATER });
    failNext();
    const failing = write(backend, 'a', Uint8Array.of(9), { expiresAt: LATER, over });
    const next = write(backend, 'a', Uint8Array.of(8), { expiresAt: LATER, over });
    await expect(failing).rejects.toMatchObject(failed);
    expect(await backend.get('a')).toEqual(await next);
  });

  it('reads the first text that lasts back, and no other', async () => {
    const { driver, calls } = heldDriver('getItem');
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: NOW - 1 });
    await written(backend, 'a', data, { expiresAt: NOW + 59 });
    expect(calls()).toBe(0);
    for (const expiresAt of [LATER, Infinity, LATER]) await written(backend, 'a', data, { expiresAt });
    expect(calls()).toBe(1);
  });

  it('of what has expired replaces what was there', async () => {
    const backend = unstorage(createStorage(), { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    await written(backend, 'a', data, { expiresAt: -Infinity });
    expect(await backend.get('a')).toBeUndefined();
  });
});

describe('a deletion', () => {
  it.each([
    { name: 'its error', result: Object.assign(new Error('busy'), { code: 'EBUSY' }), message: 'EBUSY' },
    { name: 'nothing', result: undefined, message: 'Cannot delete sessions in the storage: they are still there' },
  ])('that did not happen rejects where the driver returns $name', async ({ result, message }) => {
    const driver = { ...memoryDriver(), removeItem: () => result };
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    await expect(backend.delete('a')).rejects.toThrow(message);
    expect(await backend.get('a')).toMatchObject({ data });
  });

  it('is not given up if a read that lags behind finds nothing', async () => {
    const inner = memoryDriver();
    let isBehind = false;
    const driver = { ...inner, getItem: (key: string) => (isBehind ? null : inner.getItem(key, {})) };
    const backend = unstorage(driver, { now });
    await written(backend, 'a', data, { expiresAt: LATER });
    isBehind = true;
    expect(await backend.delete('a')).toBe(false);
    isBehind = false;
    expect(await backend.get('a')).toBeUndefined();
  });
});

describe('expired records', () => {
  it('of a Map and of local drivers go in passing, with later sets, an hour late', async () => {
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
      for (let at = 0; at < 1_000; at++) await written(backend, `abandoned-${at}`, data, { expiresAt: LATER });
      time = LATER + 3_599; // for those whose clocks are behind
      await keepWriting(backend, 10);
      expect(size()).toBe(1_064);
      time = LATER + 3_600;
      await keepWriting(backend, 50, () => size() === 64);
      expect(size()).toBe(64);
      await backend.close();
    }
  });

  it('elsewhere go by prune alone, as it may cost money to look', async () => {
    const driver = { ...memoryDriver(), name: 'a service' };
    let time = NOW;
    const backend = unstorage(driver, { now: () => time });
    for (let at = 0; at < 70; at++) await written(backend, `abandoned-${at}`, data, { expiresAt: LATER });
    time = LATER + 100_000;
    await keepWriting(backend, 10);
    expect(driver.getInstance?.().size).toBe(134);
    expect(await backend.prune?.()).toBe(70);
    expect(driver.getInstance?.().size).toBe(64);
  });

  it('do not stop a sweep that fails, nor is it noticed', async () => {
    const { driver, failNext, calls } = heldDriver('removeItem');
    let time = NOW;
    const backend = unstorage(driver, { now: () => time });
    await written(backend, 'abandoned', data, { expiresAt: LATER });
    time = LATER + 3_600;
    failNext();
    await keepWriting(backend, 50, () => calls() === 1);
    expect(await driver.getKeys('', {})).toHaveLength(65);
    await keepWriting(backend, 50, () => calls() === 2);
    expect(await driver.getKeys('', {})).toHaveLength(64);
  });
});

/** Sets 64 records again and again, so many times or until it holds. */
async function keepWriting(backend: Backend, times: number, holds = () => false): Promise<void> {
  for (let round = 0; round < times && !holds(); round++) {
    for (let at = 0; at < 64; at++) await written(backend, `kept-${at}`, data, { expiresAt: Infinity });
    await new Promise(setImmediate);
  }
}

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
    { name: 'a clock', options: { now: 5 }, message: '"now" expected a function that returns seconds, got 5' },
    { name: 'a prefix', options: { prefix: 5 }, message: '"prefix" expected a string, got 5' },
  ])('throws on $name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => make(options)).toThrow(new TypeError(message));
  });

  it.each(['sealring', ':', 'a::', '../', '..:', 'a/b:', 'a?b:', 'ä:', 'a:\n'])('throws on the prefix %j', (prefix) => {
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
  ])('throws on $name for a storage', ({ storage }) => {
    expect(() => give(storage)).toThrow(TypeError);
  });
});

function pairOf<Storage>(storage: Storage, make: (storage: Storage) => Backend): [Backend, Backend] {
  return [make(storage), make(storage)];
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
      throw new Error('failed by the test');
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
