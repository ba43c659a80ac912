/** Cookie headers that somebody has built to cost time: the cost stays linear and the session's own cookie is found. */
import { splitValue } from '@sealring/wire';
import { describe, expect, it } from 'vitest';
import { parseCookies, staleChunks } from '../../../packages/sessions/src/cookie/header.ts';
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
  const elapsed = (run: () => unknown): number => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };

  it.each(shapes)('of 1 MB of %s costs little and stays linear', (_name, pair) => {
    const [half, full] = [fill(pair, size / 2), fill(pair)];
    const run = (given: string) => () => [parseCookies(given, name), staleChunks(given, name, 0)];
    for (const given of [half, full]) expect(parseCookies(given, name).length).toBeLessThanOrEqual(4);
    const [short, long] = [half, full].map((given) => Math.min(...[1, 2, 3].map(() => elapsed(run(given)))));
    expect(long).toBeLessThan(1000);
    expect(long).toBeLessThan(8 * (short ?? 0) + 50); // a square would be four times, on a quiet machine
  });

  it.each(shapes)('of %s leaves the cookie behind it readable', (_name, pair) => {
    const own = 'session';
    const given = `${fill(pair, 10_000)}; ${own}=abc`;
    expect(parseCookies(given, own)).toEqual([whole('abc')]);
  });

  it('of 10,000 cookies', () => {
    const others = Array.from({ length: 10_000 }, (_, at) => `c${at}=${at}`);
    const given = [...others.slice(0, 5000), `${name}=abc`, ...others.slice(5000)].join('; ');
    expect(elapsed(() => expect(parseCookies(given, name)).toEqual([whole('abc')]))).toBeLessThan(1000);
  });

  it('of 10,000 full chunks of every number', () => {
    const cookies = splitValue(name, text(60_000));
    const given = Array.from({ length: 600 }, () => headerOf(cookies)).join('; '); // 36 MB
    expect(elapsed(() => expect(parseCookies(given, name)).toEqual([joined(text(60_000), 15)]))).toBeLessThan(5000);
  });
});
