/** One value <-> the cookies it is split over: cut, joined again, and never joined to what was not cut. */
import { chunkName, cookieBytes, countChunks, MAX_CHUNKS, MAX_COOKIE_BYTES, splitValue } from '@sealring/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies, staleChunks } from '../../../packages/sessions/src/cookie/header.ts';
import { broken, headerOf, joined, name, seed, text, whole } from './support.ts';

describe('splitValue()', () => {
  const room = MAX_COOKIE_BYTES - name.length;

  it.each([
    [0, 1],
    [1, 1],
    [room, 1],
    [room + 1, 2],
    [2 * room - 4, 2], // "2." and ".1"
    [2 * room - 3, 3],
    [3 * room - 6, 3],
    [3 * room - 5, 4],
    [9 * room - 18, 9],
    [9 * room - 17, 10],
    [10 * room - 21, 10], // "10."
    [10 * room - 20, 11],
    [11 * room - 24, 11], // ".10"
    [11 * room - 23, 12],
    [16 * room - 39, 16],
  ])('of %d characters gives %d cookies', (length, count) => {
    const value = text(length);
    const cookies = splitValue(name, value);
    expect(countChunks(name, length)).toBe(count);
    expect(cookies.map((cookie) => cookie.name)).toEqual(Array.from({ length: count }, (_, at) => chunkName(name, at)));
    const sizes = cookies.map((cookie) => cookieBytes(cookie.name, cookie.value));
    expect(sizes.slice(0, -1).every((size) => size === MAX_COOKIE_BYTES)).toBe(true);
    expect(sizes.at(-1)).toBeLessThanOrEqual(MAX_COOKIE_BYTES);
    expect(parseCookies(headerOf(cookies), name)).toEqual(length === 0 ? [] : [joined(value, count)]);
  });

  it('leaves a value that fits as it is', () => {
    expect(splitValue(name, 'abc')).toEqual([{ name, value: 'abc' }]);
  });

  it('and parseCookies() give the value back, whatever the order of the cookies', () => {
    const names = fc.stringMatching(/^[a-z_.-]{1,100}[a-z]$/);
    const ranks = fc.array(fc.double({ noNaN: true }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(names, fc.nat(MAX_CHUNKS * 3900), fc.nat(1000), ranks, (own, length, start, order) => {
        const value = text(length + 1, start);
        const cookies = [...splitValue(own, value), { name: 'other', value: 'x' }, { name: `${own}x.1`, value: 'y' }];
        const shuffled = cookies
          .map((cookie, at) => ({ cookie, rank: order[at] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ cookie }) => cookie);
        expect(parseCookies(headerOf(shuffled), own)).toEqual([joined(value, countChunks(own, value.length))]);
      }),
      { seed, numRuns: 60 },
    );
  });
});

describe('chunks that do not belong together', () => {
  const value = text(15_000);
  const cookies = splitValue(name, value); // four
  const of = (length: number, start: number) => splitValue(name, text(length, start));
  const at = <Item>(items: readonly Item[], index: number): Item => {
    const item = items[index];
    if (item === undefined) throw new Error(`nothing at ${index}`);
    return item;
  };

  it.each([1, 2, 3])('part %d missing', (missing) => {
    expect(parseCookies(headerOf(cookies.filter((_, index) => index !== missing)), name)).toEqual([broken(4)]);
  });

  it('the first part missing', () => {
    expect(parseCookies(headerOf(cookies.slice(1)), name)).toEqual([]);
    expect(staleChunks(headerOf(cookies.slice(1)), name, 0)).toEqual([`${name}.1`, `${name}.2`, `${name}.3`]);
  });

  it.each([0, 1, 2])('part %d cut short or drawn out', (index) => {
    for (const change of [(part: string) => part.slice(0, -1), (part: string) => `${part}A`]) {
      const changed = cookies.map((cookie, place) =>
        place === index ? { ...cookie, value: change(cookie.value) } : cookie,
      );
      expect(parseCookies(headerOf(changed), name)).toEqual([broken(4)]);
    }
  });

  it('the last part empty or over its cookie', () => {
    for (const part of ['', 'A'.repeat(MAX_COOKIE_BYTES - name.length - 1)]) {
      const changed = [...cookies.slice(0, 3), { name: `${name}.3`, value: part }];
      expect(parseCookies(headerOf(changed), name)).toEqual([broken(4)]);
    }
  });

  it('parts left over from a longer value change nothing', () => {
    const longer = of(30_000, 1);
    expect(parseCookies(headerOf([...cookies, ...longer.slice(4)]), name)).toEqual([joined(value, 4)]);
    expect(staleChunks(headerOf([...cookies, ...longer.slice(4)]), name, 4)).toEqual(
      longer.slice(4).map((cookie) => cookie.name),
    );
  });

  it('a short value ignores the chunks of an older one', () => {
    expect(parseCookies(headerOf([{ name, value: 'abc' }, ...cookies.slice(1)]), name)).toEqual([whole('abc')]);
  });

  it('one count with the parts of a value of another length', () => {
    const three = of(11_000, 2);
    expect(parseCookies(headerOf([at(three, 0), ...cookies.slice(1)]), name)).toEqual([
      joined(`${at(three, 0).value.slice(2)}${at(cookies, 1).value}${at(cookies, 2).value}`, 3), // for the seal to refuse
    ]);
    expect(parseCookies(headerOf([at(cookies, 0), ...three.slice(1)]), name)).toEqual([broken(4)]);
    const mixed = [at(cookies, 0), at(cookies, 1), at(three, 2), at(cookies, 3)]; // the last of three is not full
    expect(parseCookies(headerOf(mixed), name)).toEqual([broken(4)]);
  });

  it('two sessions of one name, set by set', () => {
    const other = text(15_500, 3);
    const both = [...cookies, ...splitValue(name, other)];
    const found = parseCookies(headerOf(both), name);
    expect(found.slice(0, 2)).toEqual([joined(value, 4), joined(other, 4)]);
    expect(found).toHaveLength(4);
  });

  it('a split and a whole value of one name', () => {
    expect(parseCookies(headerOf([{ name, value: 'abc' }, ...cookies]), name)).toEqual([
      whole('abc'),
      joined(value, 4),
    ]);
    expect(parseCookies(headerOf([...cookies, { name, value: 'abc' }]), name)).toEqual([
      joined(value, 4),
      whole('abc'),
    ]);
  });

  it.each([0, 1, 2, 3])('part %d with a foreign one before it', (index) => {
    const foreign = at(of(15_000, 4), index);
    const found = parseCookies(headerOf([foreign, ...cookies]), name);
    expect(found).toContainEqual(joined(value, 4));
    expect(found).toHaveLength(2);
  });

  it('two parts with a foreign one before each', () => {
    const foreign = of(15_000, 5);
    expect(parseCookies(headerOf([at(foreign, 1), at(foreign, 3), ...cookies]), name)).toContainEqual(joined(value, 4));
  });

  it('never more than four candidates, and every cookie of the name has one', () => {
    const sets = [0, 6, 7, 8, 9, 10].map((start) => of(30_000, start));
    const found = parseCookies(headerOf(sets.flat()), name);
    expect(found).toEqual([0, 6, 7, 8].map((start) => joined(text(30_000, start), 8)));
  });

  it('never throw, nor join to what splitValue() would not have written', () => {
    const pool = [of(5000, 11), of(9000, 12), of(13_000, 13), of(40, 14)].flat();
    fc.assert(
      fc.property(fc.shuffledSubarray([...pool, ...pool]), (chosen) => {
        const found = parseCookies(headerOf(chosen), name);
        expect(found.length).toBeLessThanOrEqual(4);
        for (const one of found) {
          if (one.broken) expect(one.value).toBe('');
          else expect(splitValue(name, one.value)).toHaveLength(one.chunks);
        }
      }),
      { seed, numRuns: 300 },
    );
  });
});
