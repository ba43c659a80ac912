/** The caller's mistakes: refused where the option is given, by name. And the values just within each bound. */
import { describe, expect, it } from 'vitest';
import { MAX_COOKIE_AGE } from '../../../packages/sessions/src/session/lifetime.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { kinds, secret } from '../support.ts';

const keys = [secret(1)];
const call = (make: (...given: never[]) => unknown, ...given: unknown[]): unknown =>
  Reflect.apply(make, undefined, given);

describe('cookieStore()', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ chunks: 0 }, '"chunks" expected a whole number from 1 to 16, got 0'],
    [{ chunks: 17 }, '"chunks" expected a whole number from 1 to 16, got 17'],
    [{ chunks: 1.5 }, '"chunks" expected a whole number from 1 to 16, got 1.5'],
    [{ overflow: {} }, '"overflow" expected a backend such as memory(), got an object'],
    [{ overflow: null }, '"overflow" expected a backend such as memory(), got null'],
  ])('refuses %j', (options, message) => {
    expect(() => call(cookieStore, { keys, ...options })).toThrow(message);
  });

  it.each([{ chunks: 1 }, { chunks: 16 }, { overflow: memory() }])('takes %j', (options) => {
    expect(() => cookieStore({ keys, ...options })).not.toThrow();
  });
});

describe.each(kinds)('a %s store', (kind) => {
  it.each<[Record<string, unknown>, string]>([
    [{ revocations: {} }, '"revocations" expected a backend such as memory(), got an object'],
    [{ revocations: null }, '"revocations" expected a backend such as memory(), got null'],
    [{ onReject: 1 }, '"onReject" expected a function, got 1'],
  ])('refuses %j', (options, message) => {
    expect(() => call(kind.create, options)).toThrow(message);
  });

  describe.each(['maxAge', 'idleTimeout'] as const)('%s', (name) => {
    // What revokes a login is kept for 400 days: a session must not outlive it.
    it.each([0, -1, MAX_COOKIE_AGE + 1, Infinity, Number.NaN])(
      'of %d is refused by store, get and definition',
      async (seconds) => {
        const message = `"${name}" expected seconds over 0 and up to ${MAX_COOKIE_AGE}`;
        const store = kind.create();
        const request = new Request('https://example.org/');
        expect(() => kind.create({ [name]: seconds })).toThrow(message);
        await expect(store.get(request, 'a', { [name]: seconds })).rejects.toThrow(message);
        expect(() => defineSession({ store, name: 'a', [name]: seconds })).toThrow(message);
      },
    );

    it.each([0.001, MAX_COOKIE_AGE, undefined])('of %s is taken', async (seconds) => {
      const store = kind.create({ [name]: seconds });
      const request = new Request('https://example.org/');
      expect(await defineSession({ store, name: 'a', [name]: seconds }).get(request)).toHaveProperty('isNew', true);
    });
  });
});
