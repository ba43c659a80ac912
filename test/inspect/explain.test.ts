/** `explain`: each refusal with its check, its bytes and its cause; names that are found out; sessions. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { type CheckId, type ExplainOptions, type Explanation, explain } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import {
  explainLogin,
  failedOf,
  flip,
  forge,
  fromBase64url,
  fromHex,
  KEY,
  KEY_ID,
  loginToken,
  now,
  OTHER_KEY,
  sealerOf,
  splitOver,
} from './support.ts';

const token = loginToken();
const signed = loginToken({ userId: 42 }, false);
const changed = (at: number, character: string) => `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
const login = { secrets: [KEY], name: 'login', now };

describe('explain() of a good token', () => {
  it('opens it, and shows its value, its payload and all checks passed', () => {
    const { verdict, checks, opened, payload, unverified, mode, keyId, issuedAt, bytes } = explainLogin(token);
    expect(verdict).toMatchObject({ state: 'opens', headline: 'It opens.' });
    expect(checks.map(({ id }) => id)).toEqual(['structure', 'version', 'key', 'integrity', 'name', 'age', 'payload']);
    for (const check of checks)
      expect(check).toMatchObject({ state: 'passed', cause: undefined, hint: undefined, code: undefined });
    expect(opened).toMatchObject({
      value: { userId: 42 },
      key: 0,
      stale: false,
      purpose: 'sealring:cookie:login',
      session: undefined,
    });
    expect({ mode, keyId, issuedAt, bytes }).toEqual({
      mode: 'sealed',
      keyId: KEY_ID,
      issuedAt: now,
      bytes: fromBase64url(token),
    });
    expect(payload).toEqual(sealerOf('x').encode({ userId: 42 }));
    expect(unverified).toBeUndefined();
  });

  it('takes the name from the line that it was pasted in', () => {
    expect(explain(`Cookie: a=b; login=${token}`, { secrets: [KEY], now })).toMatchObject({
      chosen: 1,
      verdict: { state: 'opens' },
    });
  });

  it('explains the cookie that it is asked to', () => {
    const line = `Cookie: login=${token}; other=${token}`;
    expect(explain(line, { secrets: [KEY], now, cookie: 1 })).toMatchObject({
      chosen: 1,
      verdict: { state: 'refused' },
    });
    expect(explain(line, { secrets: [KEY], now, cookie: 9 }).chosen).toBe(1);
  });

  it('takes a purpose and a context in place of a name', () => {
    const link = sealerOf('magic-link').seal({ team: 7 }, { now, context: 'user:42' });
    const given = { secrets: [KEY], now, purpose: 'magic-link', context: 'user:42' };
    expect(explain(link, given).verdict.state).toBe('opens');
    expect(explain(link, { ...given, context: new TextEncoder().encode('user:42') }).verdict.state).toBe('opens');
    expect(failedOf(explain(link, { ...given, context: 'user:43' })).id).toBe('integrity');
  });

  it('opens signed ones with the same key, and says what a server needs for that', () => {
    const { verdict, unverified, payload } = explainLogin(signed);
    expect(verdict.state).toBe('opens');
    expect(verdict.details.join(' ')).toContain('{ secret, encrypt: false }');
    expect(verdict.details.join(' ')).toContain('signed, not encrypted');
    expect(payload).toEqual(unverified);
    const listed = explainLogin(signed, { secrets: [{ secret: KEY, encrypt: false }] });
    expect(listed.verdict.details.join(' ')).not.toContain('{ secret');
  });

  it('tells which key opened it, and whether it is stale', () => {
    const { opened, checks, verdict } = explainLogin(token, { secrets: [OTHER_KEY, KEY] });
    expect(opened).toMatchObject({ key: 1, stale: true, keyId: KEY_ID });
    expect(checks[2]?.found).toBe('key id dbc0e2, which is key 2');
    expect(verdict.details.join(' ')).toContain('another key than the first');
  });

  it('brings classes back, and reads with a dictionary', () => {
    class Money {
      cents = 0;
    }
    const types = typeRegistry().register('Money', Money, { fields: ['cents'] });
    const dictionary = ['userId'];
    const sealer = createSealer({ keys: [KEY], purpose: 'sealring:cookie:login', reserved: true, types, dictionary });
    const made = sealer.seal({ userId: Object.assign(new Money(), { cents: 5 }) }, { now });
    expect(explainLogin(made, { types, dictionary }).opened?.value).toEqual({ userId: { cents: 5 } });
    expect(failedOf(explainLogin(made))).toMatchObject({ id: 'payload', code: 'ERR_SEAL_PAYLOAD' });
    expect(failedOf(explainLogin(made, { dictionary }))).toMatchObject({
      id: 'payload',
      code: 'ERR_SEAL_TYPE_UNKNOWN',
    });
    expect(explainLogin(made).payload).toEqual(sealer.encode({ userId: Object.assign(new Money(), { cents: 5 }) }));
  });

  it('says when a reader with default limits would refuse it', () => {
    const limits = { depth: 100 };
    let deep: unknown = 0;
    for (let level = 0; level < 60; level++) deep = [deep];
    const made = createSealer({ keys: [KEY], purpose: 'sealring:cookie:login', reserved: true, limits }).seal(deep, {
      now,
    });
    expect(explainLogin(made).verdict).toMatchObject({
      state: 'opens',
      details: expect.arrayContaining([expect.stringMatching(/default limits .*too deep/)]),
    });
  });
});

describe('the segments of a token', () => {
  it.each([
    [
      token,
      ['lead', 'key-id', 'issued-at', 'random', 'ciphertext', 'tag'],
      [1, 3, 4, 16, sealerOf('x').encode({ userId: 42 }).length, 16],
    ],
    [
      signed,
      ['lead', 'key-id', 'issued-at', 'payload', 'mac'],
      [1, 3, 4, sealerOf('x').encode({ userId: 42 }).length, 16],
    ],
  ])('cover all bytes and all characters of %s', (given, names, lengths) => {
    const { segments } = explainLogin(given);
    expect(segments.map(({ name }) => name)).toEqual(names);
    expect(segments.map(({ bytes }) => bytes.to - bytes.from)).toEqual(lengths);
    let [byte, character] = [0, 0];
    for (const { bytes, characters, says } of segments) {
      expect(bytes.from).toBe(byte);
      expect(characters.from).toBe(character);
      for (let at = characters.from; at < characters.to; at++) {
        const holder = Math.floor((at * 6) / 8); // of its first bit
        expect(holder >= bytes.from && holder < bytes.to).toBe(true);
      }
      expect(says).not.toBe('');
      [byte, character] = [bytes.to, characters.to];
    }
    expect([byte, character]).toEqual([fromBase64url(given).length, given.length]);
  });

  it('are none where bytes are missing', () => {
    expect(explainLogin(token.slice(0, 54)).segments).toEqual([]);
  });
});

describe('explain() of a refused token', () => {
  it.each<[string, Explanation, CheckId, string | RegExp, object]>([
    [
      'a foreign character',
      explainLogin(changed(20, '!')),
      'structure',
      '“!” at character 21, which a token cannot have',
      { characters: { from: 20, to: 21 }, code: 'ERR_SEAL_MALFORMED' },
    ],
    [
      'a character of plain base64',
      explainLogin(changed(20, '+')),
      'structure',
      '“+”, which is “-” in base64url, at character 21, which a token cannot have',
      {},
    ],
    [
      'several foreign characters',
      explainLogin(changed(20, '!?')),
      'structure',
      '“!” at character 21, the first of 2 characters that a token cannot have',
      {},
    ],
    [
      'a letter that looks like another',
      explainLogin(changed(20, 'А')),
      'structure',
      /^“А” \(U\+0410\) at character 21/,
      {},
    ],
    [
      'padding',
      explainLogin(`${token}==`),
      'structure',
      /^“=” at character \d+: a token has no padding$/,
      { characters: { from: token.length, to: token.length + 2 } },
    ],
    [
      'a length of 1 modulo 4',
      explainLogin(`${token.slice(0, 61)}`),
      'structure',
      /^61 characters; base64url never has this length/,
      { characters: { from: 60, to: 61 } },
    ],
    [
      'spare bits',
      explainLogin(`${token.slice(0, 53)}R`),
      'structure',
      'the last 4 bits of the last character, “R”, are 0001, but must be zero: expected “Q”',
      { characters: { from: 53, to: 54 }, range: { from: 39, to: 40 } },
    ],
    [
      'a token that is too short',
      explainLogin(token.slice(0, 52)),
      'structure',
      '39 bytes; a sealed token has 41 or more',
      { code: 'ERR_SEAL_MALFORMED', range: { from: 0, to: 39 } },
    ],
    [
      'another first byte',
      explainLogin(changed(0, 'F')),
      'version',
      /^a first byte of 0x15/,
      { range: { from: 0, to: 1 }, code: 'ERR_SEAL_VERSION' },
    ],
    [
      'an unknown key',
      explainLogin(token, { secrets: [OTHER_KEY] }),
      'key',
      /^key id dbc0e2; tried [0-9a-f]{6} \(key 1\)$/,
      { range: { from: 1, to: 4 }, code: 'ERR_SEAL_KEY_UNKNOWN' },
    ],
    [
      'a changed byte',
      explainLogin(flip(token, 30)),
      'integrity',
      /^the tag does not fit the cookie “login”/,
      { code: 'ERR_SEAL_TAMPERED' },
    ],
    [
      'a changed byte of a signed token',
      explainLogin(flip(signed, 9)),
      'integrity',
      /^the MAC does not fit/,
      { code: 'ERR_SEAL_TAMPERED' },
    ],
    [
      'an old token',
      explainLogin(token, { maxAge: 60, now: now + 300 }),
      'age',
      /expired 4 minutes ago$/,
      { range: { from: 4, to: 8 }, code: 'ERR_SEAL_EXPIRED' },
    ],
    [
      'a token of the future',
      explainLogin(token, { now: now - 90 }),
      'age',
      /1 minute 30 seconds ahead of the clock; 60 seconds are allowed$/,
      { range: { from: 4, to: 8 }, code: 'ERR_SEAL_FUTURE' },
    ],
    [
      'a payload outside the profile',
      explainLogin(forge(fromHex('82011801'))),
      'payload',
      'not the shortest form at byte 2 of the payload',
      { code: 'ERR_SEAL_PAYLOAD', range: { from: 10, to: 11 } },
    ],
    [
      'a class',
      explainLogin(forge(fromHex('d81b8264557365722a'))),
      'payload',
      'class "User" is not registered, at byte 3 of the payload',
      { code: 'ERR_SEAL_TYPE_UNKNOWN', range: { from: 11, to: 12 } },
    ],
    [
      'a Temporal value',
      explainLogin(forge(fromHex('81d86400'))),
      'payload',
      'a tag outside the profile at byte 1 of the payload',
      { cause: expect.stringContaining('Temporal'), hint: 'Open it where temporalTypes are registered.' },
    ],
  ])('%s', (_, explanation, id, found, more) => {
    const failed = failedOf(explanation);
    expect(failed).toMatchObject({
      id,
      found: typeof found === 'string' ? found : expect.stringMatching(found),
      ...more,
    });
    expect(failed.cause).toMatch(/\.$/);
    expect(failed.hint).toMatch(/\.$/);
    expect(explanation.verdict.state).toBe('refused');
    expect(explanation.verdict.headline).toMatch(/^[A-Z“].*\.$/);
    for (const detail of explanation.verdict.details) expect(detail).toMatch(/^[“A-Z0-9].*\.$/s);
  });
});

describe('explain() of one flipped bit', () => {
  it.each([token, signed])('%s fails a check whose bytes hold it', (given) => {
    for (const { name, bytes } of explainLogin(given).segments) {
      for (let at = bytes.from; at < bytes.to; at++) {
        for (const bit of [0, 7]) {
          const failed = failedOf(explainLogin(flip(given, at, bit)));
          expect(failed.id).toBe(name === 'lead' ? 'version' : name === 'key-id' ? 'key' : 'integrity');
          expect(failed.range?.from).toBeLessThanOrEqual(at);
          expect(failed.range?.to).toBeGreaterThan(at);
        }
      }
    }
  });

  it('shows no payload, and of a signed token only what nothing vouches for', () => {
    expect(explainLogin(flip(token, 30))).toMatchObject({
      payload: undefined,
      unverified: undefined,
      opened: undefined,
    });
    const { payload, unverified, opened, verdict } = explainLogin(flip(signed, 9));
    expect([payload, opened]).toEqual([undefined, undefined]);
    expect(unverified).toHaveLength(fromBase64url(signed).length - 24);
    expect(verdict.details.at(-1)).toBe('Its payload can be read, but nothing vouches for it.');
  });
});

describe('explain() of a token for another name', () => {
  const other = (purpose: string, context?: string, value: unknown = 1) =>
    sealerOf(purpose).seal(value, context === undefined ? { now } : { now, context });

  it.each<[string, string, string, string?, number?]>([
    ['the name without its prefix', '__Host-login', 'sealring:cookie:login'],
    ['the name with a prefix', 'login', 'sealring:cookie:__Host-login'],
    ['the name with another prefix', '__Secure-login', 'sealring:cookie:__Host-login'],
    ['the name in another case', 'Login', 'sealring:cookie:login'],
    ['an unusual name in another case', 'Zebra', 'sealring:cookie:zebra'],
    ['a plain purpose', 'login', 'login'],
    ['a usual name', 'something', 'sealring:cookie:session'],
    ['a split cookie that was joined', 'login', 'sealring:cookie:login', 'chunks:3', 7000],
    ['a split cookie of another name', 'login', 'sealring:cookie:__Host-login', 'chunks:15', 45_000],
    ['a split cookie of a long name', 'n'.repeat(250), `sealring:cookie:${'n'.repeat(250)}`, 'chunks:2', 2850],
  ])('finds %s', (_, name, purpose, context, length = 0) => {
    const explanation = explainLogin(other(purpose, context, 'x'.repeat(length)), { name });
    const failed = failedOf(explanation);
    expect(failed).toMatchObject({ id: 'name', code: 'ERR_SEAL_TAMPERED' });
    expect(failed.found).toMatch(/^sealed for the (cookie|purpose) “.*”.*, presented as the cookie “.*”$/);
    expect(explanation.checks[3]).toMatchObject({ id: 'integrity', state: 'passed' });
    expect(explanation).toMatchObject({ payload: undefined, opened: undefined });
    expect(explanation.verdict.headline).toMatch(
      /^Genuine, but sealed (for the (cookie|purpose) “|with another context\.$)/,
    );
  });

  it('finds the name of another cookie of the header', () => {
    const line = `Cookie: mine=x; a=${other('sealring:cookie:mine')}`;
    expect(failedOf(explain(line, { secrets: [KEY], now })).found).toBe(
      'sealed for the cookie “mine”, presented as the cookie “a”',
    );
  });

  it('tries every name for what fits a cookie, and for what is long as many as take the same time', () => {
    const idOf = (value: string, purpose: string) => {
      const sealer = createSealer({ keys: [KEY], purpose, reserved: true, limits: { bytes: 0x10_0000 } });
      return failedOf(explainLogin(sealer.seal(value, { now }))).id;
    };
    expect(idOf('x'.repeat(3000), 'magic-link')).toBe('name'); // the last that is tried
    expect(idOf('x'.repeat(200_000), 'magic-link')).toBe('integrity');
    expect(idOf('x'.repeat(200_000), 'sealring:cookie:__Host-login')).toBe('name'); // one of the first
  });

  it('finds the cookie where a purpose was given, and a cookie where there should be none', () => {
    expect(failedOf(explainLogin(token, { purpose: 'login' })).found).toBe(
      'sealed for the cookie “login”, presented as the purpose “login”',
    );
    expect(failedOf(explainLogin(other('login'), { purpose: 'sealring:cookie:login' })).id).toBe('name');
  });

  it('finds that a context was given, and none was sealed in', () => {
    const failed = failedOf(explainLogin(token, { context: 'user:42' }));
    const found =
      'sealed for the cookie “login” without a context, presented as the cookie “login” with the context “user:42”';
    expect(failed).toMatchObject({ id: 'name', found });
    expect(explainLogin(token, { context: 'user:42' }).verdict.headline).toBe(
      'Genuine, but sealed with another context.',
    );
  });

  it('says what else may be wrong where no name that it knows fits', () => {
    const failed = failedOf(explainLogin(other('sealring:cookie:zebra')));
    expect(failed).toMatchObject({
      id: 'integrity',
      cause: 'The token was changed, or made for another name, purpose, tenant or context.',
    });
  });
});

describe('explain() without all it takes', () => {
  it('waits for a key, and says which', () => {
    const { verdict, checks, keyId } = explain(`login=${token}`, { now });
    expect(verdict).toMatchObject({
      state: 'waiting',
      headline: 'A key is needed to open it.',
      details: ['The token names the key dbc0e2.'],
    });
    expect(checks.map(({ state }) => state)).toEqual(['passed', 'passed', ...new Array<string>(5).fill('not reached')]);
    expect(keyId).toBe(KEY_ID);
    expect(explain(token, { now }).verdict.headline).toBe('A key and a name are needed to open it.');
  });

  it('opens what has a usual name, and says that nobody gave it', () => {
    const { verdict, opened } = explain(token, { secrets: [KEY], now });
    expect(verdict.state).toBe('opens');
    expect(verdict.details.join(' ')).toContain('No name was given');
    expect(opened?.purpose).toBe('sealring:cookie:login');
  });

  it('waits for the name', () => {
    const unusual = sealerOf('sealring:cookie:zebra').seal(1, { now });
    const { verdict, checks } = explain(unusual, { secrets: [KEY], now });
    expect(verdict).toMatchObject({
      state: 'waiting',
      headline: 'The cookie’s name or the purpose is needed to open it.',
    });
    expect(checks.map(({ state }) => state).slice(2)).toEqual([
      'passed',
      'not reached',
      'not reached',
      'not reached',
      'not reached',
    ]);
  });

  it('shows the payload of a signed token, which nothing vouches for', () => {
    const { unverified, payload, verdict } = explain(signed, { now });
    expect(unverified).toEqual(sealerOf('x').encode({ userId: 42 }));
    expect(payload).toBeUndefined();
    expect(verdict.details.join(' ')).toContain('nothing vouches for it yet');
  });

  it.each([
    ['', 'waiting'],
    [' \n', 'waiting'],
    ['x'.repeat((1 << 20) + 1), 'refused'],
  ])('explains the input %#', (input, state) => {
    expect(explain(input)).toMatchObject({ cookies: [], chosen: -1, verdict: { state }, checks: [], segments: [] });
  });
});

describe('explain() of the age', () => {
  it('opens the payload of an expired token, and of one of the future', () => {
    for (const at of [now + 61, now - 61]) {
      const { opened, payload, verdict } = explainLogin(token, { now: at, maxAge: 60 });
      expect(opened?.value).toEqual({ userId: 42 });
      expect(payload).toBeDefined();
      expect(verdict.state).toBe('refused');
    }
    expect(explainLogin(token, { now: now + 300, maxAge: 60 }).verdict.headline).toBe(
      'Genuine, but expired 4 minutes ago.',
    );
    expect(explainLogin(token, { now: now + 0.5, maxAge: 0 }).checks[5]?.found).toBe(
      'issued 2026-01-01 00:00:00 UTC, valid for 0 seconds, so until 2026-01-01 00:00:00 UTC: expired less than a second ago',
    );
    expect(explainLogin(token, { now: now - 3660 }).verdict.headline).toBe(
      'Genuine, but made 1 hour 1 minute in the future.',
    );
  });
});

describe('explain() of what is no token', () => {
  it.each([
    ['hello', 'This starts with “h”.'],
    ['""', 'This is empty. A deleted cookie can leave an empty value.'],
    ['Secret', 'This has 6 characters.'],
    [`S${'e.'.repeat(40)}`, 'This has other characters, such as “.”.'],
    ['E'.repeat(80), 'The first byte, the length or the time of this is wrong.'],
    [
      'login=2.abc',
      'It may be part of a value that was split over 2 cookies; “login” and “login.1” are missing or of the wrong length.',
    ],
  ])('%s says why', (input, reason) => {
    const { verdict } = explain(input, { secrets: [KEY], now });
    expect(verdict).toMatchObject({ state: 'unknown', headline: 'This does not look like a Sealring token.' });
    expect(verdict.details[1]).toBe(reason);
  });
});

describe('explain() of a key in place of a cookie', () => {
  it.each([
    ['alone', KEY],
    ['with quotes around it', `"${KEY}"`],
    ['cut short', KEY.slice(0, 20)],
    ['with a character that no key has', KEY.replace('AAEC', 'AA+C')],
    ['as the value of a cookie', `Cookie: a=b; login=${KEY}`, 1],
    ['as a line of an environment', `SESSION_KEY=${KEY}`],
    ['as lines of an environment', `PORT=3000\nexport SESSION_KEY="${KEY}"\n`],
    ['in JSON', `{"sessionKey":"${KEY.slice(0, 30)}"}`],
    ['in a list of cookies', JSON.stringify([{ name: 'login', value: KEY }])],
  ])('%s says so, and what to do now', (_, input, cookie = 0) => {
    const { verdict, note, checks, segments, bytes, format, mode } = explain(input, { secrets: [KEY], now, cookie });
    expect(verdict).toEqual({
      state: 'unknown',
      headline: 'This is a key, not a token.',
      details: [expect.stringContaining('list of keys'), expect.stringContaining('replace')],
    });
    expect([checks, segments, bytes, format, mode]).toEqual([[], [], undefined, undefined, undefined]);
    expect(JSON.stringify([verdict, note])).not.toContain('AAEC');
  });

  it.each([
    ['a token of a cookie that is named so', `sealring_session=${token}`, 'opens'],
    ['a cookie that is named so', 'sealring_session_of_the_application=7', 'unknown'],
    ['a value that begins so', 'a=sealring_beta', 'unknown'],
    ['a token beside a key', `login=${token}; SESSION_KEY=${KEY}`, 'opens'],
  ])('does not take %s for one', (_, input, state) => {
    const { verdict } = explain(input, { secrets: [KEY], now });
    expect(verdict.state).not.toBe('waiting');
    if (state === 'unknown') expect(verdict.headline).toBe('This does not look like a Sealring token.');
    else expect(verdict.headline).toMatch(/^It opens\.$|^Genuine/);
  });
});

describe('explain() of sessions', () => {
  const id = Uint8Array.from({ length: 12 }, (_, at) => at);
  /** A record of 5 seconds ago: its flashes, maxAge, subject, authenticatedAt, family and stamp. */
  const recordOf = (...fields: unknown[]) => [now - 5, { userId: 42 }, id, ...fields];
  const session = (...fields: unknown[]) => loginToken(recordOf(...fields));

  it('reads the fields of a session', () => {
    const flashes = new Map([['info', [[1, 'hello']]]]);
    expect(explainLogin(session(flashes, 900, 'ada', now - 2, new Uint8Array(12), 7)).opened?.session).toEqual({
      kind: 'session',
      createdAt: now - 5,
      maxAge: 900,
      id: 'AAECAwQFBgcICQoL',
      family: 'A'.repeat(16),
      subject: 'ada',
      authenticatedAt: now - 2,
      stamp: 7,
      values: { userId: 42 },
      flashes: new Map([['info', ['hello']]]),
    });
  });

  it('reads one with nothing in it, and one that ends with the browser', () => {
    expect(explainLogin(session()).opened?.session).toEqual({
      kind: 'session',
      createdAt: now - 5,
      id: 'AAECAwQFBgcICQoL',
      family: 'AAECAwQFBgcICQoL',
      values: { userId: 42 },
      flashes: new Map(),
    });
    expect(explainLogin(session(undefined, null)).opened?.session).toMatchObject({ maxAge: null });
  });

  it('keeps values whose keys are not strings', () => {
    const values = new Map<unknown, unknown>([[42, 43]]);
    expect(explainLogin(loginToken([now, values, id])).opened?.session).toMatchObject({ values });
  });

  it('says that somebody has logged in, and that the id has changed', () => {
    const { verdict } = explainLogin(session(undefined, undefined, 'ada', now - 5, new Uint8Array(12)));
    expect(verdict.details).toContain('Its subject logged in 2025-12-31 23:59:55 UTC.');
    expect(verdict.details).toContain('It had another id before.');
    expect(verdict.details.join(' ')).not.toContain('ada');
    const own = explainLogin(session()).verdict.details.join(' ');
    expect(own).not.toMatch(/logged in|another id/);
  });

  it.each([
    [1e12, 'It is a session, created +033658-09-27 01:46:40 UTC.'],
    [Number.NaN, 'It is a session, created NaN seconds.'],
    [1e20, 'It is a session, created 100000000000000000000 seconds.'],
  ])('says when it was created, also where that is %d', (createdAt, sentence) => {
    expect(explainLogin(loginToken([createdAt, {}, id])).verdict.details).toContain(sentence);
  });

  describe('judges its age as a store does', () => {
    const DAY = 86_400;
    const at = (after: number, options: ExplainOptions = {}, ...fields: unknown[]) =>
      explainLogin(loginToken(recordOf(...fields), true, now - 5 + after - 1), { now: now - 5 + after, ...options });

    it.each<[string, number, ExplainOptions, unknown[], string]>([
      ['by its own max age', 900, {}, [undefined, 900], 'by its own max age'],
      ['by its own max age, whatever was given', 900, { maxAge: DAY }, [undefined, 900], 'by its own max age'],
      ['by the max age that was given', 600, { maxAge: 600 }, [], 'valid for 10 minutes, so until'],
      ['by 30 days, if nobody says otherwise', 30 * DAY, {}, [], 'valid for 30 days by default'],
      ['by 30 days, if it ends with the browser', 30 * DAY, { maxAge: DAY }, [undefined, null], 'valid for 30 days by'],
    ])('%s, from its creation, and however new the token is', (_, seconds, options, fields, found) => {
      const last = at(seconds - 0.5, options, ...fields);
      expect(last.verdict.state).toBe('opens');
      expect(last.checks[5]).toMatchObject({ state: 'passed', found: expect.stringMatching(/^created .* more/) });
      const over = at(seconds, options, ...fields);
      expect(failedOf(over)).toMatchObject({ id: 'age', code: 'ERR_SEAL_EXPIRED', range: undefined });
      expect(failedOf(over).found).toContain(found);
      expect(over.verdict).toMatchObject({ state: 'refused', headline: 'Genuine, but expired 0 seconds ago.' });
      expect(over.opened?.session).toMatchObject({ createdAt: now - 5 });
      expect(at(seconds + 60, options, ...fields).verdict.headline).toBe('Genuine, but expired 1 minute ago.');
    });

    it('and says how long it has', () => {
      const own = explainLogin(session(undefined, 900)).verdict.details.join(' ');
      expect(own).toContain('By its own max age of 15 minutes the session expires in 14 minutes 55 seconds, ');
      const other = explainLogin(session()).verdict.details.join(' ');
      expect(other).toContain('By the default max age of 30 days the session expires in 29 days 23 hours, ');
      expect(explainLogin(session(), { maxAge: 900 }).verdict.details.join(' ')).not.toContain('max age');
    });

    it('and takes one from a server whose clock is ahead', () => {
      const { verdict, checks } = explainLogin(loginToken([now + 3600, {}, id], true, now + 3600));
      expect(verdict.state).toBe('opens');
      expect(checks[5]?.found).toContain('1 hour ahead of the clock');
    });
  });

  it.each<[string, string]>([
    ['a command', 'curl https://shop.example:8443/cart -H'],
    ['a request', 'GET /cart HTTP/1.1\nHost: shop.example:8443\nAccept: */*\n'],
    ['JSON', '{"url":"https://Shop.example:8443/cart"}'],
  ])('finds the tenant in %s', (_, before) => {
    const made = sealerOf('sealring:cookie:login').seal(recordOf(), { now, context: 'tenant:shop.example:8443' });
    const text = `${before} Cookie: login=${made}`;
    const { verdict, checks, opened } = explain(text.replaceAll('\n Cookie', '\nCookie'), { secrets: [KEY], now });
    expect(verdict.state).toBe('opens');
    expect(checks[4]?.found).toBe('sealed for the cookie “login” of the tenant “shop.example:8443”');
    expect(opened?.session).toMatchObject({ kind: 'session' });
  });

  it('takes the tenant that is given, and tells another from a changed token', () => {
    const made = sealerOf('sealring:cookie:login').seal(recordOf(), { now, context: 'tenant:a.example' });
    expect(explainLogin(made, { tenant: 'a.example' }).verdict.state).toBe('opens');
    expect(failedOf(explainLogin(made))).toMatchObject({ id: 'integrity' });
    expect(failedOf(explainLogin(made, { tenant: 'b.example' }))).toMatchObject({ id: 'integrity' });
    expect(explainLogin(made, { name: '__Host-login', tenant: 'a.example' }).verdict.headline).toBe(
      'Genuine, but sealed for the cookie “login” of the tenant “a.example”.',
    );
    const unbound = explainLogin(session(), { tenant: 'a.example' });
    expect(failedOf(unbound)).toMatchObject({
      id: 'name',
      found:
        'sealed for the cookie “login” without a context, presented as the cookie “login” of the tenant “a.example”',
    });
  });

  it('says of an id that the data is on the server', () => {
    const { opened, verdict } = explainLogin(loginToken(new Uint8Array(32)));
    expect(opened?.session).toEqual({ kind: 'id' });
    expect(verdict.details).toContain('It holds only an id; the data is on the server.');
  });

  it.each<[string, unknown]>([
    ['another value', { userId: 42 }],
    ['an array that is none', [1, 2]],
    ['one without an id', [now, {}]],
    ['one with values that are no bag', [now, new Set(), id]],
    ['one with too many fields', [...recordOf(undefined, 900, 'ada', now, id, 7), 1]],
    ['one with a subject that is no text', recordOf(undefined, undefined, 7)],
    ['one with broken flashes', recordOf(new Map([['info', [1]]]))],
  ])('finds none in %s', (_, value) => {
    expect(explainLogin(loginToken(value)).opened?.session).toBeUndefined();
  });

  it('finds none in a token that is no cookie', () => {
    const made = sealerOf('magic-link').seal(new Uint8Array(32), { now });
    expect(explain(made, { secrets: [KEY], now, purpose: 'magic-link' }).opened?.session).toBeUndefined();
  });

  it('opens one that was split over three cookies', () => {
    const values = { text: 'x'.repeat(7000) };
    const whole = sealerOf('sealring:cookie:login').seal([now, values, id], { now, context: 'chunks:3' });
    const header = `Cookie: ${splitOver('login', whole, 3)}`;
    expect(explain(header, { secrets: [KEY], now })).toMatchObject({
      verdict: { state: 'opens' },
      opened: { session: { values } },
    });
    const [first = '', ...rest] = splitOver('login', whole, 3).split('; ');
    const failed = failedOf(explain([first, ...rest.slice(1)].join('; '), { secrets: [KEY], now }));
    expect(failed).toMatchObject({
      id: 'structure',
      found: '“login.1” of the 3 cookies is missing or of the wrong length',
    });
    const bound = sealerOf('sealring:cookie:login').seal([now, values, id], {
      now,
      context: 'chunks:3;tenant:a.example',
    });
    const line = `Cookie: ${splitOver('login', bound, 3)}`;
    expect(explain(line, { secrets: [KEY], now, tenant: 'a.example' }).checks[4]?.found).toBe(
      'sealed for the cookie “login” split over 3 cookies of the tenant “a.example”',
    );
  });
});

describe('explain() throws', () => {
  it.each<[string, unknown, string, typeof TypeError | typeof RangeError]>([
    ['a secret with a typo', { secrets: [KEY, KEY.replace('AAEC', 'AAED')] }, '"secrets[1]"', TypeError],
    ['a secret that is too short', { secrets: [new Uint8Array(31)] }, '"secrets[0]"', RangeError],
    ['a secret that is none', { secrets: [null] }, '"secrets[0]"', TypeError],
    ['secrets that are no list', { secrets: KEY }, '"secrets"', TypeError],
    ['an unknown option', { keys: [] }, '"keys"', TypeError],
    ['a name that is no text', { name: 5 }, '"name"', TypeError],
    ['a purpose with half a character', { purpose: '\ud800' }, '"purpose"', TypeError],
    ['a context that is neither text nor bytes', { context: 5 }, '"context"', TypeError],
    ['a tenant that is no text', { tenant: 5 }, '"tenant"', TypeError],
    ['a time that is none', { now: Number.NaN }, '"now"', RangeError],
    ['a negative age', { maxAge: -1 }, '"maxAge"', RangeError],
    ['a cookie between two', { cookie: 0.5 }, '"cookie"', RangeError],
    ['a registry that is none', { types: {} }, '"types"', TypeError],
    ['a dictionary that is none', { dictionary: 'abc' }, '"dictionary"', TypeError],
    ['options that are none', null, 'options', TypeError],
  ])('on %s, whatever the input', (_, options, text, type) => {
    for (const input of ['', token]) {
      const run = () => Reflect.apply(explain, undefined, [input, options]);
      expect(run).toThrow(type);
      expect(run).toThrow(text);
    }
  });

  it('on an input that is no text', () => {
    expect(() => Reflect.apply(explain, undefined, [5])).toThrow('"input" expected a string');
  });
});

it('explain() of the same question is the same, and holds no key', () => {
  const [one, other] = [1, 2].map(() => JSON.stringify(explain(token, login)));
  expect(one).toBe(other);
  expect(one).not.toContain(KEY.slice(9, 30));
});
