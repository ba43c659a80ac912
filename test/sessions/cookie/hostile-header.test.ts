/** Cookie headers that somebody has built to cost time: the cost stays linear and the session's own cookie is found. */
import { splitValue } from '@sealring/wire';
import { describe, expect, it } from 'vitest';
import { parseCookies, staleChunks } from '../../../packages/sessions/src/cookie/header.ts';
import { growth, MAX_GROWTH } from '../../codec/growth.ts';
import { headerOf, joined, name, text, whole } from './support.ts';

describe('a hostile header', () => {
  const size = 1 << 20;
  const fill = (pair: string, length = size) => pair.repeat(Math.ceil(length / pair.length)).slice(0, length);
  const shapes: [name: string, pair: string][] = [
    ['semicolons', ';'],
    ['equal signs', '='],
    ['empty pairs', '=;'],
    ['no equal signs', 'a;'],
    ['now and then an equal sign', 'a;b;c=d;'],
    ['spaces', ' '],
    ['spaces around', '   =   ;'],
    ['NUL', '\0=\0;'],
    ['quotes', '"'],
    ['broken percent-encoding', 'a=%;%=%ff;'],
    ['__proto__', '__proto__=x; '],
    ['the name', name],
    ['cookies of the name', `${name}=abc; `],
    ['counts', `${name}=16.abc; `],
    ['chunks', `${name}=3.a; ${name}.1=b; ${name}.2=c; `],
    ['nearly chunks', `${name}.1234567=b; ${name}.=c; `],
    ['other characters', 'ü€😀=ü;'],
  ];

  it.each(shapes)('of up to 1 MB of %s takes time that grows as it does', async (_name, pair) => {
    const run = (length: number) => {
      const given = fill(pair, length);
      expect(parseCookies(given, name).length).toBeLessThanOrEqual(4);
      staleChunks(given, name, 0);
    };
    expect(await growth(run, size)).toBeLessThan(MAX_GROWTH);
  });

  it.each(shapes)('of %s leaves the cookie behind it readable', (_name, pair) => {
    const own = 'session';
    const given = `${fill(pair, 10_000)}; ${own}=abc`;
    expect(parseCookies(given, own)).toEqual([whole('abc')]);
  });

  it('of 10,000 cookies, and takes time that grows as their number', async () => {
    const run = (count: number) => {
      const others = Array.from({ length: count }, (_, at) => `c${at}=${at}`);
      const given = [...others.slice(0, count / 2), `${name}=abc`, ...others.slice(count / 2)].join('; ');
      expect(parseCookies(given, name)).toEqual([whole('abc')]);
    };
    expect(await growth(run, 10_240)).toBeLessThan(MAX_GROWTH);
  });

  it('of 10,000 full chunks of every number, and takes time that grows as their number', async () => {
    const cookies = headerOf(splitValue(name, text(60_000)));
    const expected = [joined(text(60_000), 15)];
    const run = (times: number) => expect(parseCookies(`${cookies}; `.repeat(times), name)).toEqual(expected);
    expect(await growth(run, 640)).toBeLessThan(MAX_GROWTH); // 38 MB
  });
});
