/** What every backend must do, as named checks for any test runner: a function that makes backends -> the checks. */

import type { Backend, MaybePromise, Version } from './backend.ts';
import {
  expectAbsent,
  expectData,
  expectDifferent,
  expectEqual,
  expectExpiry,
  expectList,
  expectRefused,
  LATER,
  read,
  START,
  write,
} from './contract-expect.ts';

/** One promise of a backend, as a test: run it under its name. */
export interface ContractCheck {
  /** What holds of the backend. */
  name: string;
  /** @throws {Error} that says what was expected and what came. */
  run(): Promise<void>;
}

/**
 * The checks of a backend. Each makes one of its own and closes it at the end; checks may run in any order, not side by side.
 *
 * @param create makes an empty backend that goes by the clock `now`: seconds since the epoch. The clock starts in the year 2033, so that
 *   a database that removes records by its own clock does not come first.
 * @example
 * import { memory } from 'sealring';
 * import { backendContract } from 'sealring/testing';
 * for (const { name, run } of backendContract((now) => memory({ now }))) {
 *   await run(); // or, with a test runner: test(name, run)
 *   console.log(`It ${name}`); // It …
 * }
 */
export function backendContract(create: (now: () => number) => MaybePromise<Backend>): ContractCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    async run() {
      const clock = { time: START };
      const backend = await create(() => clock.time);
      try {
        await check(backend, clock);
      } finally {
        await backend.close?.();
      }
    },
  }));
}

type Check = (backend: Backend, clock: { time: number }) => Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  async 'has nothing under an id that was never set'(backend) {
    expectEqual('cas', ['atomic', 'process', 'none'].includes(backend.cas), true);
    await expectAbsent(backend, 'never');
    expectEqual('delete()', await backend.delete('never'), false);
  },

  async 'keeps data, version and expiry'(backend) {
    const version = await write(backend, 'a', [1, 2, 3], START + 100.25);
    const record = await read(backend, 'a');
    expectData(record, [1, 2, 3]);
    expectEqual('version of get()', record.version, version);
    expectExpiry('get()', record.expiresAt, START + 100.25);
    expectEqual('a version of 1 to 64 characters', version.length >= 1 && version.length <= 64, true);
  },

  async 'creates once with ifVersion null'(backend) {
    const version = await write(backend, 'a', [1], LATER, null);
    await expectRefused(backend, 'a', null);
    const record = await read(backend, 'a');
    expectData(record, [1]);
    expectEqual('version after a refusal', record.version, version);
  },

  async 'replaces whatever is there without ifVersion'(backend) {
    const first = await write(backend, 'a', [1]);
    const second = await write(backend, 'a', [2, 2], LATER + 1);
    expectDifferent('version of a replaced record', first, second);
    const record = await read(backend, 'a');
    expectData(record, [2, 2]);
    expectEqual('version of get()', record.version, second);
    expectExpiry('get()', record.expiresAt, LATER + 1);
  },

  async 'replaces the version of ifVersion and no other'(backend) {
    const first = await write(backend, 'a', [1]);
    const second = await write(backend, 'a', [2], LATER, first);
    await expectRefused(backend, 'a', first);
    await expectRefused(backend, 'a', 'of no record');
    await expectRefused(backend, 'never', first);
    await expectAbsent(backend, 'never');
    const record = await read(backend, 'a');
    expectData(record, [2]);
    expectEqual('version after refusals', record.version, second);
  },

  async 'lets one of 20 win with ifVersion'(backend) {
    if (backend.cas === 'none') return; // it says so
    for (const ifVersion of [null, await write(backend, 'replaced', [99])]) {
      const id = ifVersion === null ? 'created' : 'replaced';
      const racers = Array.from({ length: 20 }, (_, racer) => race(backend, id, racer, ifVersion));
      const versions = await Promise.all(racers);
      const winners = [...versions.keys()].filter((racer) => versions[racer] !== false);
      expectEqual(`winners of 20 for ifVersion ${ifVersion === null ? 'null' : 'a version'}`, winners.length, 1);
      const record = await read(backend, id);
      expectData(record, [winners[0] ?? -1]);
      expectEqual("the winner's version", record.version, versions[winners[0] ?? -1]);
    }
  },

  async 'touches expiry, not data or version'(backend, clock) {
    const version = await write(backend, 'a', [7, 8]);
    expectEqual('touch()', await backend.touch('a', LATER + 50), true);
    clock.time = LATER + 49;
    const record = await read(backend, 'a');
    expectData(record, [7, 8]);
    expectEqual('version after touch()', record.version, version);
    expectExpiry('get() after touch()', record.expiresAt, LATER + 50);
    expectEqual('touch() to an earlier time', await backend.touch('a', LATER + 49), true);
    await expectAbsent(backend, 'a');
  },

  async 'creates nothing by touch'(backend) {
    expectEqual('touch() of what was never set', await backend.touch('never', LATER), false);
    await expectAbsent(backend, 'never');
    await write(backend, 'a', [1]);
    await backend.delete('a');
    expectEqual('touch() of what was deleted', await backend.touch('a', LATER), false);
    await expectAbsent(backend, 'a');
  },

  async 'gives, touches and deletes nothing that has expired'(backend, clock) {
    for (const id of ['a', 'b', 'c']) await write(backend, id, [1]);
    clock.time = LATER - 0.5;
    await read(backend, 'a');
    clock.time = LATER; // the first moment without it
    await expectAbsent(backend, 'a');
    expectEqual('touch() of what has expired', await backend.touch('b', LATER + 100), false);
    await expectAbsent(backend, 'b');
    expectEqual('delete() of what has expired', await backend.delete('c'), false);
  },

  async 'takes what has expired for nothing in ifVersion'(backend, clock) {
    const expired = await write(backend, 'a', [1]);
    const other = await write(backend, 'b', [1]);
    clock.time = LATER;
    await expectRefused(backend, 'a', expired, LATER + 100);
    await expectAbsent(backend, 'a');
    const version = await write(backend, 'b', [2], LATER + 100, null);
    expectDifferent('version after expiry', version, other);
    expectData(await read(backend, 'b'), [2]);
  },

  async deletes(backend) {
    await write(backend, 'a', [1]);
    const kept = await write(backend, 'b', [2]);
    expectEqual('delete()', await backend.delete('a'), true);
    await expectAbsent(backend, 'a');
    expectEqual('delete() again', await backend.delete('a'), false);
    expectEqual('version of another record', (await read(backend, 'b')).version, kept);
  },

  async 'brings nothing back that was deleted'(backend) {
    const version = await write(backend, 'a', [1]);
    await backend.delete('a');
    await expectRefused(backend, 'a', version);
    await expectAbsent(backend, 'a');
  },

  async 'never repeats a version, nor after delete and set'(backend) {
    const versions = new Set<Version>();
    for (let round = 0; round < 10; round++) {
      versions.add(await write(backend, 'a', [1], LATER, null));
      versions.add(await write(backend, 'a', [1]));
      await backend.delete('a');
    }
    expectEqual('versions of 20 writes', versions.size, 20);
  },

  async 'keeps 0 and 65,536 bytes'(backend) {
    const long = Array.from({ length: 65_536 }, (_, at) => (at * 31 + (at >> 8)) & 255);
    for (const data of [[], long, [0], []]) {
      await write(backend, 'a', data);
      expectData(await read(backend, 'a'), data);
    }
  },

  async 'copies data in and out'(backend) {
    const given = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    const pending = backend.set('a', given, { expiresAt: LATER });
    given.fill(0);
    await pending;
    const got = await read(backend, 'a');
    expectData(got, [1, 2, 3]);
    got.data.fill(0);
    expectData(await read(backend, 'a'), [1, 2, 3]);
  },

  async 'tells all ids apart'(backend) {
    const long = 'x'.repeat(127);
    const ids = [
      '__proto__',
      'constructor',
      'toString',
      '-',
      '--',
      '_',
      '0',
      '00',
      'a',
      'A',
      'con',
      `${long}y`,
      `${long}Y`,
    ];
    for (const [at, id] of ids.entries()) {
      await expectAbsent(backend, id);
      await write(backend, id, [at], LATER, null);
    }
    for (const [at, id] of ids.entries()) expectData(await read(backend, id), [at]);
    for (const id of ids) {
      expectEqual(`delete() of ${id}`, await backend.delete(id), true);
      await expectAbsent(backend, id);
    }
  },

  async 'lists the unexpired records of a subject, if it lists'(backend, clock) {
    if (backend.list === undefined) return;
    await write(backend, 'a', [1], LATER, undefined, 'ann');
    await write(backend, 'A', [1], LATER + 50, null, 'ann');
    await write(backend, 'b', [1], LATER, undefined, 'Ann');
    await write(backend, 'c', [1]);
    await write(backend, 'd', [1], LATER, undefined, 'ann');
    await backend.delete('d');
    await expectList(backend, 'ann', { a: LATER, A: LATER + 50 });
    await expectList(backend, 'Ann', { b: LATER });
    await expectList(backend, '__proto__', {});
    await backend.touch('a', LATER + 20);
    await expectList(backend, 'ann', { a: LATER + 20, A: LATER + 50 });
    clock.time = LATER + 20;
    await expectList(backend, 'ann', { A: LATER + 50 });
  },

  async 'lists a record under its last subject, if it lists'(backend) {
    if (backend.list === undefined) return;
    const version = await write(backend, 'a', [1], LATER, undefined, 'ann');
    await backend.set('a', new Uint8Array(1), { expiresAt: LATER, ifVersion: null, subject: 'bob' }); // refused
    await expectList(backend, 'bob', {});
    await write(backend, 'a', [1], LATER, version, 'bob');
    await expectList(backend, 'ann', {});
    await expectList(backend, 'bob', { a: LATER });
    await write(backend, 'a', [1]);
    await expectList(backend, 'bob', {});
  },

  async 'prunes what has expired and nothing else, if it prunes'(backend, clock) {
    if (backend.prune === undefined) return;
    expectEqual('prune() of nothing', await backend.prune(), 0);
    for (const id of ['a', 'b', 'c']) await write(backend, id, [1], LATER, undefined, 'ann');
    const kept = await write(backend, 'd', [4], LATER + 100, undefined, 'ann');
    await backend.touch('c', LATER + 100);
    clock.time = LATER;
    expectEqual('prune()', await backend.prune(), 2);
    expectEqual('prune() again', await backend.prune(), 0);
    expectEqual('version after prune()', (await read(backend, 'd')).version, kept);
    if (backend.list) await expectList(backend, 'ann', { c: LATER + 100, d: LATER + 100 });
  },
};

async function race(backend: Backend, id: string, racer: number, ifVersion: Version | null): Promise<Version | false> {
  await undefined; // a synchronous backend is to be raced as well
  return await backend.set(id, Uint8Array.of(racer), { expiresAt: LATER, ifVersion });
}
