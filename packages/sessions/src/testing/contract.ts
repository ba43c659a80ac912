/** What every backend must do, as named checks for any test runner: a function that makes backends -> the checks. */

import type { Backend, ManagedBackend, MaybePromise, StoredRecord } from '../backends/backend.ts';
import {
  expectAbsent,
  expectData,
  expectEqual,
  expectList,
  expectRecord,
  expectUnwritten,
  LATER,
  newVersion,
  read,
  START,
  trySet,
  write,
} from './contract-expect.ts';

/** One promise of a backend, as a test: run it under its name. */
export interface ContractCheck {
  /** What the backend does. */
  name: string;
  /** @throws {Error} that says what was expected and what came. */
  run(): Promise<void>;
}

/**
 * Returns the checks of a backend. Each makes one of its own and closes it at the end, if it has `close`. Checks may run in any order, but not
 * at the same time.
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
      const backend: Checked = await create(() => clock.time);
      try {
        await check(backend, clock);
      } finally {
        await backend.close?.();
      }
    },
  }));
}

type Checked = Backend & Partial<Pick<ManagedBackend, 'prune' | 'close'>>;
type Check = (backend: Checked, clock: { time: number }) => Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  async 'has nothing under an id that was never set'(backend) {
    expectEqual('cas', ['atomic', 'process', 'none'].includes(backend.cas), true);
    await expectAbsent(backend, 'never');
    expectEqual('delete()', await backend.delete('never'), false);
  },

  async 'keeps data, version and expiry as given'(backend) {
    for (const version of ['a', '-', '_'.repeat(64), newVersion()]) {
      const record = await write(backend, 'a', [1, 2, 3], { version, expiresAt: START + 100.25 });
      await expectRecord(backend, 'a', record);
    }
  },

  async 'creates once over null'(backend) {
    const record = await write(backend, 'a', [1], { over: null });
    await expectUnwritten(backend, 'a', null, { expiresAt: LATER + 1 });
    await expectUnwritten(backend, 'a', null, { version: record.version }); // as a retry does
    await expectRecord(backend, 'a', record);
  },

  async 'replaces whatever is there without over'(backend) {
    await write(backend, 'a', [1]);
    const record = await write(backend, 'a', [2, 2], { expiresAt: LATER + 1 });
    await expectRecord(backend, 'a', record);
  },

  async 'replaces the record that over names, and no other'(backend) {
    const first = await write(backend, 'a', [1]);
    const second = await write(backend, 'a', [2], { over: first });
    await expectUnwritten(backend, 'a', first, { expiresAt: LATER + 1 });
    await expectUnwritten(backend, 'a', { ...second, version: 'of_no_record' });
    await expectUnwritten(backend, 'never', second);
    await expectAbsent(backend, 'never');
    await expectRecord(backend, 'a', second);
    const third = await write(backend, 'a', [3], { over: await read(backend, 'a'), expiresAt: LATER - 50 });
    await expectRecord(backend, 'a', third);
  },

  async 'lets one of 20 win'(backend) {
    if (backend.cas === 'none') return; // it says so
    for (const over of [null, await write(backend, 'replaced', [99])]) {
      const id = over === null ? 'created' : 'replaced';
      const racers = await Promise.all(Array.from({ length: 20 }, (_, racer) => race(backend, id, racer, over)));
      const winners = racers.filter(({ isWritten }) => isWritten);
      expectEqual(`winners of 20 over ${over === null ? 'null' : 'one record'}`, winners.length, 1);
      for (const { record } of winners) await expectRecord(backend, id, record);
    }
  },

  async 'gives and deletes nothing that has expired'(backend, clock) {
    for (const id of ['a', 'b']) await write(backend, id, [1]);
    clock.time = LATER - 0.5;
    await read(backend, 'a');
    clock.time = LATER; // the first moment without it
    await expectAbsent(backend, 'a');
    expectEqual('delete() of what has expired', await backend.delete('b'), false);
  },

  async 'counts what has expired as absent in over'(backend, clock) {
    const expired = await write(backend, 'a', [1]);
    await write(backend, 'b', [1]);
    clock.time = LATER;
    await expectUnwritten(backend, 'a', expired, { expiresAt: LATER + 100 });
    await expectAbsent(backend, 'a');
    const record = await write(backend, 'b', [2], { over: null, expiresAt: LATER + 100 });
    await expectRecord(backend, 'b', record);
  },

  async 'keeps what is renewed in time'(backend, clock) {
    const first = await write(backend, 'a', [1]);
    const renewed = await write(backend, 'a', [1], { over: first, expiresAt: LATER + 50 });
    clock.time = LATER + 49;
    await expectRecord(backend, 'a', renewed);
    clock.time = LATER + 50;
    await expectAbsent(backend, 'a');
  },

  async deletes(backend) {
    await write(backend, 'a', [1]);
    const kept = await write(backend, 'b', [2]);
    expectEqual('delete()', await backend.delete('a'), true);
    await expectAbsent(backend, 'a');
    expectEqual('delete() again', await backend.delete('a'), false);
    await expectRecord(backend, 'b', kept);
  },

  async 'brings nothing back that was deleted'(backend) {
    const record = await write(backend, 'a', [1]);
    await backend.delete('a');
    await expectUnwritten(backend, 'a', record);
    await expectAbsent(backend, 'a');
    const next = await write(backend, 'a', [2], { over: null });
    await expectUnwritten(backend, 'a', record);
    await expectRecord(backend, 'a', next);
  },

  async 'keeps 0 and 65,536 bytes'(backend) {
    const long = Array.from({ length: 65_536 }, (_, at) => (at * 31 + (at >> 8)) & 255);
    for (const data of [[], long, [0], []]) await expectRecord(backend, 'a', await write(backend, 'a', data));
  },

  async 'copies data in and out'(backend) {
    const given = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    const pending = backend.set('a', given, { version: newVersion(), expiresAt: LATER });
    given.fill(0);
    await pending;
    const got = await read(backend, 'a');
    expectData(got, [1, 2, 3]);
    got.data.fill(0);
    expectData(await read(backend, 'a'), [1, 2, 3]);
  },

  async 'tells all ids apart'(backend) {
    const long = 'x'.repeat(127);
    const objects = ['__proto__', 'constructor', 'toString'];
    const ids = [...objects, '-', '--', '_', '0', '00', 'a', 'A', 'con', `${long}y`, `${long}Y`];
    for (const [at, id] of ids.entries()) {
      await expectAbsent(backend, id);
      await write(backend, id, [at], { over: null });
    }
    for (const [at, id] of ids.entries()) expectData(await read(backend, id), [at]);
    for (const id of ids) {
      expectEqual(`delete() of ${id}`, await backend.delete(id), true);
      await expectAbsent(backend, id);
    }
  },

  async 'lists the unexpired records of a subject, if it lists'(backend, clock) {
    if (backend.list === undefined) return;
    const first = await write(backend, 'a', [1], { subject: 'ann' });
    await write(backend, 'A', [1], { subject: 'ann', over: null, expiresAt: LATER + 50 });
    await write(backend, 'b', [1], { subject: 'Ann' });
    await write(backend, 'c', [1]);
    await write(backend, 'd', [1], { subject: 'ann' });
    await backend.delete('d');
    await expectList(backend, 'ann', { a: LATER, A: LATER + 50 });
    await expectList(backend, 'Ann', { b: LATER });
    await expectList(backend, '__proto__', {});
    await write(backend, 'a', [1], { subject: 'ann', over: first, expiresAt: LATER + 20 });
    await expectList(backend, 'ann', { a: LATER + 20, A: LATER + 50 });
    clock.time = LATER + 20;
    await expectList(backend, 'ann', { A: LATER + 50 });
  },

  async 'lists a record under its last subject, if it lists'(backend) {
    if (backend.list === undefined) return;
    const first = await write(backend, 'a', [1], { subject: 'ann' });
    await expectUnwritten(backend, 'a', null, { subject: 'bob' });
    await expectList(backend, 'bob', {});
    const second = await write(backend, 'a', [1], { subject: 'bob', over: first });
    await expectList(backend, 'ann', {});
    await expectList(backend, 'bob', { a: LATER });
    await write(backend, 'a', [1], { over: second });
    await expectList(backend, 'bob', {});
    await write(backend, 'a', [1], { subject: 'ann' });
    await expectList(backend, 'ann', { a: LATER });
  },

  async 'prunes what has expired and nothing else, if it prunes'(backend, clock) {
    if (backend.prune === undefined) return;
    expectEqual('prune() of nothing', await backend.prune(), 0);
    for (const id of ['a', 'b']) await write(backend, id, [1], { subject: 'ann' });
    const over = await write(backend, 'c', [1], { subject: 'ann' });
    await write(backend, 'c', [1], { subject: 'ann', over, expiresAt: LATER + 100 });
    const kept = await write(backend, 'd', [4], { subject: 'ann', expiresAt: LATER + 100 });
    clock.time = LATER;
    expectEqual('prune()', await backend.prune(), 2);
    expectEqual('prune() again', await backend.prune(), 0);
    await expectRecord(backend, 'd', kept);
    if (backend.list) await expectList(backend, 'ann', { c: LATER + 100, d: LATER + 100 });
  },
};

async function race(backend: Backend, id: string, racer: number, over: StoredRecord | null): ReturnType<typeof trySet> {
  await undefined; // a synchronous backend is to be raced as well
  return await trySet(backend, id, [racer], { over });
}
