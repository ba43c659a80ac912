/** Everything that can be pasted, and every way in which it can be refused. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';

export const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const OTHER_KEY = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
const PURPOSE = 'sealring:cookie:demo';
const VALUE = { user: 42, cart: new Map([['apple', 3]]) };
const JSON_TEXT = '{"user": 42, "cart": {"$map": [["apple", 3]]}}';
const ISSUED = 1_700_000_000; // 2023-11-14 22:13:20
const ID = new Uint8Array(12).fill(7);
const sealer = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true });
const signing = createSealer({ keys: [{ secret: KEY, encrypt: false }], purpose: PURPOSE, reserved: true });
const EMPTY = {
  ...{ cookie: '', key: '', name: '', purpose: '', context: '' },
  ...{ maxAge: '', clock: '', classes: '', dictionary: '' },
};

class Person {
  firstName = 'Ada';
  age = 36;
}
const people = () => typeRegistry().register('Person', Person, { fields: ['firstName', 'age'] });

export function openingTests(site: Site): void {
  let opened: ReturnType<typeof openPlayground>; // one page for all rows: each fills every field
  beforeAll(async () => {
    opened = openPlayground(site);
    await opened;
  });
  afterAll(async () => (await opened).page.context().close());

  describe('a pasted text', () => {
    it.each([
      ['a token', (token: string) => token],
      ['a token in quotes', (token: string) => `"${token}"\n`],
      ['a token broken into lines', (token: string) => `${token.slice(0, 40)}\n  ${token.slice(40)}`],
      ['a percent-encoded token', (token: string) => token.replaceAll('-', '%2D').replaceAll('_', '%5F')],
      ['a Cookie line', (token: string) => `Cookie: theme=dark; demo=${token}; lang=en`],
      ['a Set-Cookie line', (token: string) => `set-cookie: demo=${token}; Max-Age=604800; Path=/; HttpOnly`],
      ['document.cookie', (token: string) => `theme=dark; demo=${token}`],
      ['a quoted value', (token: string) => `Cookie: demo="${token}"`],
      ['a curl command', (token: string) => `curl 'http://localhost/' -H 'Cookie: demo=${token}' --compressed`],
    ])('opens %s', async (what, paste) => {
      const { view, complaints } = await opened;
      await view.fill({ ...EMPTY, key: KEY });
      await view.fill({ cookie: paste(sealer.seal(VALUE)) });
      if (/token/.test(what)) await view.fill({ name: 'demo' });
      expect(await view.name.inputValue()).toBe('demo'); // taken from the text where it says it
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.json()).toBe(JSON_TEXT);
      expect(complaints).toEqual([]);
    });

    it('that ends too early fails at the byte that is missing', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: 'hello' });
      expect(await view.root.locator('[data-check="structure"] .where').textContent()).toBe('byte 3');
    });

    it('shows the payload within the very event', async () => {
      const { view, page } = await opened;
      await view.fill({ ...EMPTY, key: KEY });
      const token = sealer.seal(VALUE);
      const shown = await page.evaluate((text) => {
        const textOf = (selector: string) => document.querySelector(selector)?.textContent;
        const field = document.querySelector<HTMLTextAreaElement>('[data-pasted]');
        const before = textOf('[data-verdict]');
        if (field) field.value = text;
        field?.dispatchEvent(new Event('input'));
        const isHidden = document.querySelector('[data-payload-card]')?.checkVisibility() === false;
        const digits = Array.from(document.querySelectorAll('.hex-row .digits'), ({ textContent }) => textContent);
        return {
          before,
          verdict: textOf('[data-verdict]'),
          isHidden,
          tree: textOf('[data-tree]'),
          hex: digits.join(' '),
        };
      }, `demo=${token}`);
      expect(shown).toEqual({
        before: 'Paste a cookie to see what is in it.',
        verdict: 'It opens.',
        isHidden: false,
        tree: expect.stringMatching(/"user": 42.*"cart": Map of 1 entry.*"apple": 3/),
        hex: Buffer.from(sealer.authenticate(token).payload)
          .toString('hex')
          .replaceAll(/..(?=.)/g, '$& '),
      });
    });

    it('says of a key that it is one, and what to do now', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: `SESSION_KEY=${KEY}` });
      expect(await view.verdict.textContent()).toBe('This is a key, not a token.');
      expect(await view.details.textContent()).toContain('Paste it in the list of keys instead');
      expect(await view.checks()).toEqual([]);
    });

    it('lets one choose among several cookies, and takes the name of the chosen one', async () => {
      const { view } = await opened;
      const other = createSealer({ keys: [KEY], purpose: 'sealring:cookie:other', reserved: true }).seal('the other');
      await view.fill({ ...EMPTY, cookie: `Cookie: demo=${sealer.seal('the first')}; other=${other}`, key: KEY });
      expect(await view.json()).toBe('"the first"');
      await view.root.getByLabel('Which cookie').selectOption({ index: 1 });
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.json()).toBe('"the other"');
      expect(await view.name.inputValue()).toBe('other');
    });
  });

  const token = sealer.seal(VALUE, { now: ISSUED });
  describe('a refused token', () => {
    it.each([
      ['a foreign character', `${token.slice(0, 9)}!${token.slice(9)}`, {}, 'structure ERR_SEAL_MALFORMED'],
      ['its start alone', token.slice(0, 40), {}, 'structure ERR_SEAL_MALFORMED'],
      ['another version', `F${token.slice(1)}`, {}, 'version ERR_SEAL_VERSION'],
      [
        'another key',
        createSealer({ keys: [OTHER_KEY], purpose: PURPOSE, reserved: true }).seal(1),
        {},
        'key ERR_SEAL_KEY_UNKNOWN',
      ],
      ['another name', token, { name: 'other' }, 'name ERR_SEAL_TAMPERED'],
      ['another context', token, { context: 'ada' }, 'name ERR_SEAL_TAMPERED'],
      ['an end cut off', signing.seal(VALUE).slice(0, -4), {}, 'integrity ERR_SEAL_TAMPERED'],
      ['a time in the future', sealer.seal(1, { now: 4_000_000_000 }), {}, 'age ERR_SEAL_FUTURE'],
      ['an age beyond the max age', token, { maxAge: '60' }, 'age ERR_SEAL_EXPIRED'],
      [
        'a dictionary',
        createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true, dictionary: ['a'] }).seal({ a: 1 }),
        {},
        'payload ERR_SEAL_PAYLOAD',
      ],
    ])('with %s: names the first check that fails', async (_what, cookie, fields, expected) => {
      const { view, complaints } = await opened;
      await view.fill({ ...EMPTY, cookie, key: KEY, name: 'demo', ...fields });
      expect(await view.failed()).toBe(expected);
      expect(await view.verdict.getAttribute('data-state')).toBe('refused');
      const states = (await view.checks()).map((check) => check.split(':')[0]);
      const failedAt = states.indexOf('failed');
      expect(states.slice(0, failedAt).every((state) => state === 'passed')).toBe(true);
      expect(complaints).toEqual([]);
    });

    it('says which key ids were tried', async () => {
      const { view } = await opened;
      const cookie = createSealer({ keys: [OTHER_KEY], purpose: PURPOSE, reserved: true }).seal(1);
      await view.fill({ ...EMPTY, cookie, key: KEY, name: 'demo' });
      expect(await view.details.textContent()).toContain('tried dbc0e2');
      expect(await view.payload.isVisible()).toBe(false);
    });

    it('says which name it was sealed for, where it is only the name', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: `Cookie: basket=${token}; demo=x`, key: KEY });
      expect(await view.failed()).toBe('name ERR_SEAL_TAMPERED');
      expect(await view.verdict.textContent()).toContain('sealed for the cookie “demo”');
    });

    it('links each code to its explanation', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: token, key: KEY, name: 'demo', maxAge: '60' });
      const link = view.root.getByRole('link', { name: 'ERR_SEAL_EXPIRED' });
      expect(await link.getAttribute('href')).toBe(`${site.origin}/reference/errors/#err_seal_expired`);
    });
  });

  describe('age', () => {
    it('marks an expired payload, and the clock brings it back', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: token, key: KEY, name: 'demo', maxAge: '900', clock: '2023-11-14T22:30:20' });
      expect(await view.verdict.textContent()).toBe('Genuine, but expired 2 minutes ago.');
      expect(await view.json()).toBe(JSON_TEXT);
      expect(await view.mark.textContent()).toContain('not good at this time');
      await view.button('Last good second').click();
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.mark.isVisible()).toBe(false);
      await view.button('Just expired').click();
      expect(await view.failed()).toBe('age ERR_SEAL_EXPIRED');
      await view.fill({ clock: '2023-11-14T22:12:19' });
      expect(await view.failed()).toBe('age ERR_SEAL_FUTURE');
    });

    it('moves the clock with the arrow keys', async () => {
      const { view, page } = await opened;
      await view.fill({ ...EMPTY, cookie: token, key: KEY, name: 'demo', maxAge: '900' });
      await view.button('Issued').click();
      expect(await view.verdict.textContent()).toBe('It opens.');
      await view.slider.focus();
      await page.keyboard.press('End');
      expect(await view.failed()).toBe('age ERR_SEAL_EXPIRED');
      for (let presses = 0; presses < 60; presses++) await page.keyboard.press('ArrowLeft');
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.slider.getAttribute('aria-valuetext')).toMatch(/^2023-11-14 22:\d\d:\d\d UTC, 3 years ago$/);
    });
  });

  describe('what a cookie holds', () => {
    it('says of an id that the data is on the server', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: sealer.seal(new Uint8Array(32).fill(7)), key: KEY, name: 'demo' });
      expect(await view.details.textContent()).toContain('only an id; the data is on the server');
      await view.root.getByRole('tab', { name: 'Session' }).click();
      expect(await view.payload.textContent()).toContain('The data is on the server');
    });

    it('shows a session as one, and its record as it is', async () => {
      const { view } = await opened;
      const flashes = new Map([['notice', [[1, 'Saved.']]]]);
      const record = [ISSUED, { user: 42 }, ID, flashes, 3600, 'ada', ISSUED];
      const clock = '2023-11-14T22:15:20';
      await view.fill({ ...EMPTY, cookie: sealer.seal(record, { now: ISSUED }), key: KEY, name: 'demo', clock });
      await view.root.getByRole('tab', { name: 'Session' }).click();
      const text = await view.root.locator('#payload-session').textContent();
      expect(text).toContain('2023-11-14 22:13:20 UTC, 2 minutes ago');
      expect(text).toContain('1 hour, until 2023-11-14 23:13:20 UTC, in 58 minutes');
      expect(text).toContain('ada');
      expect(text).toContain('BwcHBwcHBwcHBwcH');
      expect(text).toContain('{"user": 42}');
      expect(text).toContain('Saved.');
      expect(await view.json()).toContain('1700000000');
    });

    it.each([
      ['no key', ''],
      ['another key', 'sealring_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8Eet0'],
    ])('shows the payload of a signed token as unverified with %s', async (_what, key) => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: signing.seal({ name: 'readable' }), key, name: 'demo' });
      expect(await view.verdict.getAttribute('data-state')).not.toBe('opens');
      expect(await view.mark.textContent()).toContain('nothing vouches for it');
      expect(await view.json()).toBe('{"name": "readable"}');
      expect(await view.button('Edit and re-seal').isDisabled()).toBe(true);
    });

    it('offers to register an unknown class, and reads it then', async () => {
      const { view } = await opened;
      const made = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true, types: people() }).seal({
        user: new Person(),
      });
      await view.fill({ ...EMPTY, cookie: made, key: KEY, name: 'demo' });
      expect(await view.failed()).toBe('payload ERR_SEAL_TYPE_UNKNOWN');
      await view.button('Register Person with 2 fields').click();
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.json()).toContain('"user": {"$class": ["Person", {"field1": "Ada", "field2": 36}]}');
      await view.fill({ classes: 'Person: firstName, age' });
      expect(await view.json()).toContain('"user": {"$class": ["Person", {"firstName": "Ada", "age": 36}]}');
    });

    it('registers a class whose name has a colon', async () => {
      const { view } = await opened;
      const types = typeRegistry().register('shop:Person', Person, { fields: ['firstName', 'age'] });
      const made = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true, types }).seal(new Person());
      await view.fill({ ...EMPTY, cookie: made, key: KEY, name: 'demo' });
      await view.button('Register shop:Person with 2 fields').click();
      expect(await view.json()).toContain('"shop:Person",\n  {"field1": "Ada", "field2": 36}');
    });

    it('shows a session whose times no calendar has, and one that is too long for the page', async () => {
      const { view, complaints } = await opened;
      const session = view.root.locator('#payload-session');
      for (const record of [
        [Number.NaN, { user: 42 }, ID, undefined, 1e20],
        [1e20, { user: 42 }, ID],
      ]) {
        await view.fill({ ...EMPTY, cookie: sealer.seal(record), key: KEY, name: 'demo' });
        await view.root.getByRole('tab', { name: 'Session' }).click();
        expect(await session.textContent()).toContain(`${record[0]} seconds`);
      }
      const list = new Array<number>(4000).fill(1e20);
      await view.fill({ cookie: sealer.seal([ISSUED, { list }, ID]) });
      expect(await session.textContent()).toMatch(/… and [\d,]+ characters more$/);
      expect(complaints).toEqual([]);
    });

    it('reads names of a dictionary', async () => {
      const { view } = await opened;
      const made = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true, dictionary: ['user', 'cart'] }).seal({
        cart: 1,
      });
      await view.fill({ ...EMPTY, cookie: made, key: KEY, name: 'demo', dictionary: 'user\ncart' });
      expect(await view.json()).toBe('{"cart": 1}');
    });

    it('shows an unknown tag as a tag', async () => {
      const { view, complaints } = await opened;
      const bytes = Uint8Array.of(0x49, 1, 2, 3, 0x65, 0, 0, 0, 0xd9, 0x27, 0x0f, 0x81, 0x01, ...new Uint8Array(16));
      const cookie = Buffer.from(bytes).toString('base64url');
      await view.fill({ ...EMPTY, cookie, name: 'demo' });
      await view.root.getByRole('tab', { name: 'CBOR' }).click();
      expect(await view.root.locator('[data-diagnostic]').textContent()).toContain('9999(');
      expect(complaints).toEqual([]);
    });

    it('shows markup as text', async () => {
      const { view, complaints } = await opened;
      const markup = '<img src=x onerror="complain(1)"><script>complain(2)</script>';
      await view.fill({ ...EMPTY, cookie: sealer.seal({ [markup]: markup }), key: KEY, name: 'demo' });
      for (const name of ['Tree', 'JSON', 'CBOR', 'Types', 'Annotated']) {
        await view.root.getByRole('tab', { name }).click();
        expect(await view.root.locator('img, script').count()).toBe(0);
      }
      expect(await view.json()).toContain('<img src=x');
      await view.root.getByRole('tab', { name: 'Hex' }).click();
      expect(complaints).toEqual([]);
    });
  });

  describe('size', () => {
    const name = 'größe🍪'; // 11 bytes in 7 code units
    it.each([
      ['4,096', 'E'.repeat(4096 - 11), 'fits'],
      ['4,097', 'E'.repeat(4097 - 11), 'dropped'],
      // As it is sent, not as it is read: the browser counts quotes and percent signs too.
      ['4,096', `Cookie: demo="${'E'.repeat(4096 - 6)}"`, 'fits'],
      ['4,097', `Cookie: demo="${'E'.repeat(4097 - 6)}"`, 'dropped'],
      ['4,097', `Cookie: demo=${'E'.repeat(4097 - 7)}%2D`, 'dropped'],
    ])('counts bytes of name and value: %s', async (bytes, cookie, state) => {
      const { view } = await opened;
      await view.fill({ ...EMPTY });
      await view.fill({ cookie, ...(cookie.startsWith('Cookie') ? {} : { name }) });
      const size = view.root.locator('[data-size-row]');
      expect(await size.locator('[data-size-text]').textContent()).toContain(`are ${bytes} of 4,096 bytes`);
      expect(await size.locator('[data-size-bar]').getAttribute('data-state')).toBe(state);
    });
  });

  describe('keys', () => {
    it.each([
      ['hex', '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'],
      ['base64', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
      ['base64url', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'],
    ])('are read as %s', async (encoding, key) => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: sealer.seal(1), key, name: 'demo' });
      expect(await view.verdict.getAttribute('data-state')).toBe('waiting');
      await view.root.getByLabel('Encoding of key 1').selectOption(encoding);
      expect(await view.verdict.textContent()).toBe('It opens.');
      expect(await view.root.locator('.key-says').textContent()).toContain('dbc0e2');
      await view.root.getByLabel('Encoding of key 1').selectOption('sealring');
    });

    it('may be several: says which opened it, moves it to the front, removes it', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: sealer.seal(1), name: 'demo' });
      await view.button('Demo key 2').click();
      await view.button('Demo key 1').click();
      const rows = view.root.locator('.key-row');
      expect(await rows.count()).toBe(2);
      expect(await rows.nth(1).locator('[data-opener]').isVisible()).toBe(true);
      expect(await view.details.textContent()).toContain('key 2');
      await view.button('Move up to first: key 2').click();
      expect(await rows.nth(0).locator('[data-opener]').isVisible()).toBe(true);
      await view.button('Remove key 1').click();
      expect(await view.failed()).toBe('key ERR_SEAL_KEY_UNKNOWN');
      await view.button('Forget keys').click();
      expect(await rows.count()).toBe(1);
      expect(await view.key.inputValue()).toBe('');
    });

    it('say what is wrong with them, and that one stands there twice', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, cookie: sealer.seal(1), key: `${KEY.slice(0, -1)}T`, name: 'demo' });
      expect(await view.root.locator('.key-row .message').textContent()).not.toBe('');
      expect(await view.key.getAttribute('aria-invalid')).toBe('true');
      await view.fill({ key: KEY });
      await view.button('Demo key 1').click();
      expect(await view.root.locator('.key-row .message').nth(1).textContent()).toBe('The same key as key 1.');
      expect(await view.verdict.textContent()).toBe('It opens.');
      await view.button('Forget keys').click();
    });

    it('are masked until asked', async () => {
      const { view } = await opened;
      await view.fill({ ...EMPTY, key: KEY });
      expect(await view.key.getAttribute('type')).toBe('password');
      await view.button('Show key 1').click();
      expect(await view.key.getAttribute('type')).toBe('text');
      await view.button('Show key 1').click();
      for (const [attribute, value] of [
        ['autocomplete', 'off'],
        ['spellcheck', 'false'],
        ['data-1p-ignore', 'true'],
      ] as const) {
        expect(await view.key.getAttribute(attribute)).toBe(value);
      }
    });
  });
}
