/** What memory() promises beyond the contract. */
import { describe, expect, it } from 'vitest';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';

const data = Uint8Array.of(1);

describe('memory()', () => {
  it('gives plain results', () => {
    const backend = memory();
    const record = { data, version: 'v1', expiresAt: Infinity };
    expect(backend.set('a', data, { version: 'v1', expiresAt: Infinity })).toBe(true);
    expect(backend.get('a')).toEqual(record);
    expect(backend.set('a', data, { version: 'v2', expiresAt: Infinity, over: null })).toBe(false);
    expect(backend.set('a', data, { version: 'v2', expiresAt: 0, over: record })).toBe(true); // long ago by the machine's clock
    expect(backend.get('a')).toBeUndefined();
    expect(backend.delete('a')).toBe(false);
    expect(backend.prune()).toBe(0);
    expect(backend.close()).toBeUndefined();
  });

  it('never leaves this process', () => {
    expect(memory()).toMatchObject({ cas: 'atomic', inProcess: true });
  });

  it('copies a Buffer, whose slice() does not', async () => {
    const backend = memory();
    const buffer = Buffer.of(1, 2);
    await backend.set('a', buffer, { version: 'v', expiresAt: Infinity });
    buffer.fill(0);
    expect(backend.get('a')).toMatchObject({ data: Uint8Array.of(1, 2) });
  });

  it('removes expired records in passing, with later sets, as soon as they have expired', async () => {
    let time = 0;
    const backend = memory({ now: () => time });
    for (let at = 0; at < 1_000; at++)
      await backend.set(`old-${at}`, data, { version: 'v', expiresAt: 10, subject: 'ann' });
    time = 10;
    for (let at = 0; at < 512; at++)
      await backend.set(`new-${at}`, data, { version: 'v', expiresAt: 20, subject: 'ann' });
    expect(backend.prune()).toBe(0); // there was nothing left to remove
    time = 20;
    expect(backend.prune()).toBe(512);
  });

  it('looks at no more than 256 records for 64 sets, however many there are', async () => {
    let time = 0;
    const backend = memory({ now: () => time });
    for (let at = 0; at < 10_000; at++) await backend.set(`id-${at}`, data, { version: 'v', expiresAt: 10 });
    time = 10;
    for (let at = 0; at < 64; at++) await backend.set('other', data, { version: 'v', expiresAt: 20 });
    const left = Number(await backend.prune());
    expect(left).toBeGreaterThan(10_000 - 2 * 256);
    expect(left).toBeLessThan(10_000);
  });

  it.each([
    {
      name: 'a clock that is a number',
      options: { now: 5 },
      message: '"now" expected a function that returns seconds, got 5',
    },
    { name: 'an unknown option', options: { maxAge: 5 }, message: 'memory() has no option "maxAge"; it takes now' },
  ])('throws on $name', ({ options, message }) => {
    // @ts-expect-error: what JavaScript may pass
    expect(() => memory(options)).toThrow(new TypeError(message));
  });
});
