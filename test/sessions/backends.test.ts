/** The backends that come with the package, held against the contract, and memory() against what it promises beyond it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../packages/sessions/src/backend.ts';
import { backendContract } from '../../packages/sessions/src/contract.ts';
import { cookieStore } from '../../packages/sessions/src/cookie-store.ts';
import { file } from '../../packages/sessions/src/file.ts';
import { memory } from '../../packages/sessions/src/memory.ts';
import { serverStore } from '../../packages/sessions/src/server-store.ts';
import type { SessionEvent } from '../../packages/sessions/src/settings.ts';
import { broken, faults } from './support/broken.ts';
import { secret } from './support.ts';

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

  it('lets pass a backend without list and prune, and one without compare-and-set across its own waits', async () => {
    for (const { run } of backendContract((now) => ({ ...bare(memory({ now })), cas: 'none' }))) await run();
  });
});

describe('a store', () => {
  it.each(['atomic', 'process', 'none'] as const)('says once whether its backend is too weak: %s', async (cas) => {
    const events: SessionEvent[] = [];
    const backend = { ...bare(memory()), cas };
    const onEvent = (event: SessionEvent) => events.push(event);
    const store = serverStore({ keys: [secret(1)], backend, onEvent });
    await store.get({ headers: {} }, 'a');
    expect(events).toEqual(cas === 'atomic' ? [] : [{ type: 'weak-cas', cas }]);
    cookieStore({ keys: [secret(1)], overflow: backend, onEvent });
    expect(events).toHaveLength(cas === 'atomic' ? 0 : 2);
  });
});

describe('memory()', () => {
  it('gives plain results', () => {
    const backend = memory();
    expect(backend.set('a', Uint8Array.of(1), { expiresAt: Infinity })).toBe('1');
    expect(backend.get('a')).toEqual({ data: Uint8Array.of(1), version: '1', expiresAt: Infinity });
    expect(backend.touch('a', 0)).toBe(true); // long ago by the machine's clock
    expect(backend.get('a')).toBeUndefined();
  });

  it('copies a Buffer, whose slice() does not', async () => {
    const backend = memory();
    const data = Buffer.of(1, 2);
    await backend.set('a', data, { expiresAt: Infinity });
    data.fill(0);
    expect(backend.get('a')).toMatchObject({ data: Uint8Array.of(1, 2) });
  });

  it('drops abandoned records in passing, with later sets', async () => {
    let time = 0;
    const backend = memory({ now: () => time });
    for (let at = 0; at < 1_000; at++) await backend.set(`abandoned-${at}`, new Uint8Array(), { expiresAt: 10 });
    time = 10;
    for (let at = 0; at < 400; at++) await backend.set(`kept-${at}`, new Uint8Array(), { expiresAt: 20 });
    expect(backend.prune?.()).toBe(0); // there was nothing left to drop
    time = 20;
    expect(backend.prune?.()).toBe(400);
  });

  it.each([
    {
      name: 'a clock that is a number',
      options: { now: 5 },
      message: '"now" expected a function that gives seconds, got 5',
    },
    { name: 'an unknown option', options: { maxAge: 5 }, message: 'memory() has no option "maxAge"; it takes now' },
  ])('refuses $name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => memory(options)).toThrow(new TypeError(message));
  });
});

function newDirectory(): string {
  return join(root, String(++directories));
}

function bare(backend: Backend): Omit<Backend, 'list' | 'prune' | 'cas'> {
  return {
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
    touch: (id, expiresAt) => backend.touch(id, expiresAt),
  };
}
