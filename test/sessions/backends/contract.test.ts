/** The backends without a server of their own, held against the contract, and the contract against backends that break it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Backend, checkBackend } from '../../../packages/sessions/src/backends/backend.ts';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { broken, faults } from '../support/broken.ts';

const root = mkdtempSync(join(tmpdir(), 'sealring-contract-'));
let directories = 0;

afterAll(() => rmSync(root, { recursive: true }));

describe.each<{ name: string; create: (now: () => number) => Backend }>([
  { name: 'memory()', create: (now) => memory({ now }) },
  { name: 'file()', create: (now) => file(newDirectory(), { now }) },
  { name: "file() with durability 'power'", create: (now) => file(newDirectory(), { now, durability: 'power' }) },
])('$name', ({ create }) => {
  it.each(backendContract(create))('$name', ({ run }) => run());
});

describe('backendContract()', () => {
  it.each(faults)('finds a backend that $name', async (fault) => {
    const checks = backendContract((now) => broken(memory({ now }), fault));
    const check = checks.find(({ name }) => name === fault.found);
    await expect(check?.run()).rejects.toThrow(/expected .*, got /);
  });

  it('accepts a backend without list, prune and close, and one without compare-and-set across its own waits', async () => {
    for (const { run } of backendContract((now) => ({ ...bare(memory({ now })), cas: 'none' }))) await run();
  });

  it('closes what it made', async () => {
    let open = 0;
    const checks = backendContract((now) => {
      open++;
      return { ...bare(memory({ now })), close: () => void open-- };
    });
    for (const { run } of checks) await run();
    expect(open).toBe(0);
  });
});

describe('checkBackend()', () => {
  it.each<{ name: string; given: unknown; got: string }>([
    { name: 'a Map', given: new Map(), got: 'an object' },
    { name: 'nothing', given: undefined, got: 'undefined' },
    { name: 'null', given: null, got: 'null' },
    { name: 'a backend without cas', given: { ...bare(memory()), cas: undefined }, got: 'an object' },
    { name: 'a promise of a backend', given: Promise.resolve(memory()), got: 'an object' },
  ])('throws on $name', ({ given, got }) => {
    const message = `"backend" expected a backend such as memory(), got ${got}`;
    expect(() => Reflect.apply(checkBackend, undefined, ['backend', given])).toThrow(new TypeError(message));
  });
});

function newDirectory(): string {
  return join(root, String(++directories));
}

function bare(backend: Backend): Backend {
  return {
    cas: backend.cas,
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
  };
}
