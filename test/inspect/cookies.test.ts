/** `readCookies`: whatever people paste -> the cookies in it. */
import { explain, readCookies } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { loginToken, splitOver } from './support.ts';

const token = loginToken();
const named = [['login', token]];

/** Name and value of each cookie. */
function pairs(text: string): string[][] {
  return readCookies(text).map(({ name, value }) => [name, value]);
}

describe('readCookies() finds the cookies of', () => {
  it.each<[string, string, string[][]]>([
    ['a value', token, [['', token]]],
    ['a value between blanks', `  \n${token}\t`, [['', token]]],
    ['a value in quotes', `"${token}"`, [['', token]]],
    ['a value in single quotes', `'${token}'`, [['', token]]],
    ['a value with a stray quote behind', `${token}"`, [['', token]]],
    ['a value with a stray quote before', `'${token}`, [['', token]]],
    ['a value that a terminal broke', `${token.slice(0, 40)}\n  ${token.slice(40)}`, [['', token]]],
    [
      'a value of the one platform, in lines of the other',
      `${token.slice(0, 40)}\r\n${token.slice(40)}\r\n`,
      [['', token]],
    ],
    ['a value with a byte order mark', `\ufeff${token}`, [['', token]]],
    ['a pair', `login=${token}`, named],
    ['a pair in quotes', `"login=${token}"`, named],
    ['a pair with a quoted value', `login="${token}"`, named],
    ['a percent-encoded value', `login=%22${token.replace('A', '%41')}%22`, named],
    ['a percent sign that begins no code', 'a=100%', [['a', '100%']]],
    ['a Cookie header', `Cookie: login=${token}`, named],
    ['a Cookie header of several', `Cookie: a=b; login=${token}; c="d"`, [['a', 'b'], ...named, ['c', 'd']]],
    ['a Cookie header in lower case', `cookie:login=${token}`, named],
    [
      'a Cookie header that was broken',
      `Cookie: a=b; login=${token.slice(0, 9)}\n ${token.slice(9)}`,
      [['a', 'b'], ...named],
    ],
    ['a Cookie header without its label', `a=b; login=${token};`, [['a', 'b'], ...named]],
    ['a Cookie header with a piece that is no pair', `Cookie: a; login=${token}`, named],
    ['a whole request', `GET / HTTP/1.1\r\nHost: a.example\r\nCookie: login=${token}\r\nAccept: */*\r\n\r\n`, named],
    ['two Set-Cookie headers', `Set-Cookie: a=b; Path=/\nSet-Cookie: login=${token}; HttpOnly`, [['a', 'b'], ...named]],
    [
      'two Set-Cookie headers in one line',
      `set-cookie: a=b; Path=/, Set-Cookie: login=${token}`,
      [['a', 'b'], ...named],
    ],
    ['a Set-Cookie header without its label', `login=${token}; Path=/; HttpOnly; Secure; SameSite=Lax`, named],
    ['curl', `curl 'https://a.example/' -H 'Cookie: a=b; login=${token}' -H 'X: y=z'`, [['a', 'b'], ...named]],
    ['curl with double quotes', `curl "https://a.example/" -H "Cookie: login=${token}" -H "X: y"`, named],
    ['curl over lines', `curl 'https://a.example/' \\\n  -H 'cookie: login=${token}' \\\n  --compressed`, named],
    ['curl -b', `curl -b 'login=${token}' https://a.example/`, named],
    [
      'fetch, as browsers copy it',
      `fetch("https://a.example/", { "headers": { "cookie": "a=b; login=${token}", "x": "y" } });`,
      [['a', 'b'], ...named],
    ],
    ['document.cookie', `document.cookie = "login=${token}"`, named],
    ['what document.cookie says', `'a=b; login=${token}'`, [['a', 'b'], ...named]],
    ['JSON text', JSON.stringify(`login=${token}`), named],
    ['JSON text of a value', JSON.stringify(token), [['', token]]],
    ['a list of cookies in JSON', JSON.stringify([{ name: 'login', value: token }]), named],
    [
      'the same, indented',
      JSON.stringify(
        [
          { name: 'a', value: 'b"c' },
          { name: 'login', value: token },
        ],
        null,
        2,
      ),
      [['a', 'b"c'], ...named],
    ],
    [
      'the headers of a network log',
      JSON.stringify([
        { name: 'Host', value: 'a=b' },
        { name: 'Cookie', value: `login=${token}` },
      ]),
      named,
    ],
    [
      'a Set-Cookie of a network log, which has a line for each',
      JSON.stringify([{ name: 'set-cookie', value: `a=b; Path=/\nlogin=${token}; HttpOnly` }]),
      [['a', 'b'], ...named],
    ],
    ['nothing but quotes', '""', [['', '']]],
    ['a line of a log', `2026-01-01T00:00:00Z GET /?a=b 200 login=${token} "agent"`, named],
    ['a line of a log with quotes', `ip=1.2.3.4 login="${token}" 200`, named],
    ['a line of a log with JSON', `{"level":30,"msg":"refused ${token}"}`, [['', token]]],
    ['a log of several lines', `GET /a 200\nGET /b 200 login=${token}\nip=1.2.3.4 "x"`, named],
    ['a link', `https://a.example/verify?token=${token}&x=1`, [['token', token]]],
    ['a sentence', 'what is this?', [['', 'what is this?']]],
    ['a value with an equals sign at its end', `${token}==`, [['', `${token}==`]]],
    [
      'a value with an equals sign in it',
      `${token.slice(0, 50)}=${token.slice(51)}`,
      [['', `${token.slice(0, 50)}=${token.slice(51)}`]],
    ],
    ['a deleted cookie', 'Set-Cookie: login=; Max-Age=0', [['login', '']]],
    ['two cookies of one name', `Cookie: login=a; login=${token}`, [['login', 'a'], ...named]],
    ['a name with a prefix', `__Host-login=${token}`, [['__Host-login', token]]],
  ])('%s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it.each(['', ' ', '\n\t', '\ufeff'])('nothing, for %j', (text) => {
    expect(readCookies(text)).toEqual([]);
  });
});

describe('readCookies() tells', () => {
  it('the attributes of Set-Cookie, in lower case', () => {
    const [cookie] = readCookies(`Set-Cookie: login=${token}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`);
    expect([...(cookie?.attributes ?? [])]).toEqual([
      ['path', '/'],
      ['max-age', '60'],
      ['httponly', ''],
      ['samesite', 'Lax'],
    ]);
    expect(readCookies(`Cookie: login=${token}; Path=/`)[0]?.attributes).toBeUndefined();
  });

  it('the bytes of name and value as they were sent', () => {
    expect(readCookies('Cookie: a=b; naïve=é')).toMatchObject([{ size: 2 }]);
    expect(readCookies('Cookie: a="b"')).toMatchObject([{ value: 'b', size: 4 }]);
    expect(readCookies('Cookie: a=%C3%A9')).toMatchObject([{ value: 'é', size: 7 }]);
    expect(readCookies('é')).toMatchObject([{ size: 2 }]);
  });

  it('the format of each', () => {
    expect(readCookies(`Cookie: a=b; login=${token}`).map(({ format }) => format?.id)).toEqual([undefined, 'sealring']);
  });
});

describe('readCookies() joins', () => {
  const value = 'E'.repeat(10_000);

  it('a value that was split over three cookies', () => {
    const [cookie, other] = readCookies(`Cookie: a=b; ${splitOver('login', value, 3)}`).toReversed();
    expect(cookie).toMatchObject({
      name: 'login',
      value,
      chunks: 3,
      missing: [],
      size: 10_000 + 'login3.'.length + 'login.1login.2'.length,
    });
    expect(other).toMatchObject({ name: 'a', chunks: 1 });
  });

  it('parts in any order', () => {
    const parts = splitOver('login', value, 3).split('; ').toReversed().join('; ');
    expect(readCookies(parts)).toMatchObject([{ name: 'login', value, missing: [] }]);
  });

  it('two split cookies of one name, each with its own parts', () => {
    const other = 'S'.repeat(9000);
    const header = [value, other].flatMap((text) => splitOver('login', text, 3).split('; ')).join('; ');
    expect(readCookies(header)).toMatchObject([
      { value, chunks: 3 },
      { value: other, chunks: 3 },
    ]);
  });

  it('four values of one name, as many as the session layer looks at, the last part serving those without their own', () => {
    const [first = '', second = ''] = splitOver('login', 'E'.repeat(6000), 2).split('; ');
    const header = [...Array.from({ length: 6 }, () => first), second].join('; ');
    expect(readCookies(header).map(({ chunks, missing }) => [chunks, missing.length])).toEqual([
      ...Array.from({ length: 4 }, () => [2, 0]),
      ...Array.from({ length: 2 }, () => [1, 0]),
    ]);
  });

  it('what is there of a value with parts missing or of the wrong length, and names them', () => {
    const [first = '', second = '', third = ''] = splitOver('login', value, 3).split('; ');
    expect(readCookies(`${first}; ${third}`)).toMatchObject([{ chunks: 3, missing: ['login.1'] }]);
    expect(readCookies(`${first}`)).toMatchObject([{ chunks: 3, missing: ['login.1', 'login.2'] }]);
    expect(readCookies(`${first}; ${second.slice(0, -1)}; ${third}`)).toMatchObject([{ missing: ['login.1'] }]);
    expect(explain(`${first}; ${third}`).checks[0]).toMatchObject({
      id: 'structure',
      state: 'failed',
      code: 'ERR_SEAL_MALFORMED',
    });
  });

  it.each(['login=1.abc', 'login=17.abc', 'login=03.abc', 'login=3abc', 'login.1=abc'])('nothing in %s', (text) => {
    expect(readCookies(text)).toMatchObject([{ chunks: 1, missing: [] }]);
  });
});
