/** The Open tab: every way a token can be pasted, and every way it can be refused. */
import { createSealer, typeRegistry } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenTab, SealTab } from './support/playground.ts';
import type { Site } from './support/site.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const OTHER_KEY_BYTES = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
const PURPOSE = 'cookie:demo';
const VALUE = { user: 42, cart: new Map([['apple', 3]]) };
const sealer = () => createSealer({ keys: [KEY], purpose: PURPOSE });

class Unknown {
  a = 1;
}

export function openTests(site: Site): void {
  async function open() {
    const { page, complaints } = await site.open('/playground/');
    const tab = new OpenTab(page);
    await tab.show();
    return { page, tab, complaints };
  }

  describe('a pasted text', () => {
    let opened: ReturnType<typeof open>; // one page for all rows: each fills every field
    beforeAll(async () => {
      opened = open();
      await opened;
    });
    afterAll(async () => (await opened).page.context().close());

    it.each([
      ['a token', (token: string) => token],
      ['a token in quotes', (token: string) => `"${token}"\n`],
      ['a token broken into lines', (token: string) => `${token.slice(0, 40)}\n  ${token.slice(40)}`],
      ['a Cookie line', (token: string) => `Cookie: theme=dark; demo=${token}; lang=en`],
      [
        'a Set-Cookie line',
        (token: string) => `set-cookie: demo=${token}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax`,
      ],
      ['document.cookie', (token: string) => `theme=dark; demo=${token}`],
      ['a quoted value', (token: string) => `Cookie: demo="${token}"`],
      [
        'a curl command',
        (token: string) =>
          `curl 'http://127.0.0.1:3000/' -H 'Accept: text/html' -H 'Cookie: demo=${token}' --compressed`,
      ],
      ['a link', (token: string) => `https://example.com/in?a=b&demo=${token}`],
    ])('opens %s', async (name, paste) => {
      const { tab } = await opened;
      await tab.purpose.fill('');
      await tab.fill({ token: paste(sealer().seal(VALUE)), key: KEY });
      if (name.startsWith('a token')) await tab.purpose.fill(PURPOSE);
      expect(await tab.purpose.inputValue()).toBe(PURPOSE); // taken from the cookie's name where there is one
      expect(await tab.verdict.textContent()).toBe('It opens.');
      expect(await tab.value.textContent()).toBe('{"user": 42, "cart": {"$map": [["apple", 3]]}}');
    });
  });

  it('lets one choose among several tokens in a line', async () => {
    const { page, tab } = await open();
    const other = createSealer({ keys: [KEY], purpose: 'cookie:other' }).seal('the other');
    await tab.fill({ token: `Cookie: demo=${sealer().seal('the first')}; other=${other}`, key: KEY });
    expect(await tab.value.textContent()).toBe('"the first"');
    await tab.root.getByLabel('Which cookie').selectOption('other');
    expect(await tab.value.textContent()).toBe('"the other"');
    await page.context().close();
  });

  const token = sealer().seal(VALUE, { now: 1_700_000_000 });
  const signing = createSealer({ keys: [{ secret: KEY, encrypt: false }], purpose: PURPOSE });
  describe('a refused token', () => {
    let opened: ReturnType<typeof open>; // one page for all rows: each fills every field
    beforeAll(async () => {
      opened = open();
      await opened;
    });
    afterAll(async () => (await opened).page.context().close());

    it.each([
      [
        'a space in it',
        `${token.slice(0, 9)} ${token.slice(9)}`,
        {},
        'The text is canonical base64url ERR_SEAL_MALFORMED',
      ],
      ['padding', `${token}=`, {}, 'The text is canonical base64url ERR_SEAL_MALFORMED'],
      ['a start alone', token.slice(0, 40), {}, 'All parts are there ERR_SEAL_MALFORMED'],
      ['another version', `F${token.slice(1)}`, {}, 'The version is known ERR_SEAL_VERSION'],
      [
        'another key',
        createSealer({ keys: [OTHER_KEY_BYTES], purpose: PURPOSE }).seal(1),
        {},
        'The key is known ERR_SEAL_KEY_UNKNOWN',
      ],
      ['another purpose', token, { purpose: 'cookie:other' }, 'The tag fits ERR_SEAL_TAMPERED'],
      ['another context', token, { context: 'ada' }, 'The tag fits ERR_SEAL_TAMPERED'],
      ['an end cut off', signing.seal(VALUE).slice(0, -4), {}, 'The tag fits ERR_SEAL_TAMPERED'],
      ['a time in the future', sealer().seal(1, { now: 4_000_000_000 }), {}, 'The age is right ERR_SEAL_FUTURE'],
      [
        'a dictionary',
        createSealer({ keys: [KEY], purpose: PURPOSE, dictionary: ['a'] }).seal({ a: 1 }),
        {},
        'The payload keeps to the format ERR_SEAL_PAYLOAD',
      ],
      [
        'a class',
        createSealer({
          keys: [KEY],
          purpose: PURPOSE,
          types: typeRegistry().register('Unknown', Unknown, { fields: ['a'] }),
        }).seal(new Unknown()),
        {},
        'All classes are known ERR_SEAL_TYPE_UNKNOWN',
      ],
    ])('with %s: names the check', async (_name, text, fields, expected) => {
      const { tab, complaints } = await opened;
      await tab.fill({ token: text, key: KEY, purpose: PURPOSE, context: '', ...fields });
      expect(await tab.failed()).toBe(expected);
      expect(await tab.value.isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    });
  });

  it('judges the age by max age and clock', async () => {
    const { page, tab } = await open();
    await tab.fill({ token, key: KEY, purpose: PURPOSE }); // made at 2023-11-14 22:13:20
    await tab.maxAge.fill('900');
    expect(await tab.failed()).toBe('The age is right ERR_SEAL_EXPIRED');
    await tab.clock.fill('2023-11-14T22:28:20');
    expect(await tab.failed()).toBe('none');
    expect(await tab.root.locator('[data-details]').textContent()).toContain('2023-11-14 22:13:20 UTC, 15 minutes ago');
    await tab.clock.fill('2023-11-14T22:28:21');
    expect(await tab.failed()).toBe('The age is right ERR_SEAL_EXPIRED');
    expect(await tab.root.locator('[data-details]').textContent()).toContain('It was good for 15 minutes');
    await tab.clock.fill('2023-11-14T22:12:19');
    expect(await tab.failed()).toBe('The age is right ERR_SEAL_FUTURE');
    await tab.button('+1 hour').click();
    await tab.maxAge.fill('');
    expect(await tab.failed()).toBe('none');
    await page.context().close();
  });

  it('shows the parts of a token without a key, and which key it names', async () => {
    const { page, tab } = await open();
    await tab.fill({ token });
    expect(await tab.verdict.textContent()).toBe('Not opened yet: a key and a purpose are needed.');
    expect(await tab.checks()).toEqual([
      'passed: The text is canonical base64url',
      'passed: The version is known',
      'passed: All parts are there',
      'not reached: The key is known',
      'not reached: The tag fits',
      'not reached: The age is right',
      'not reached: The payload keeps to the format',
      'not reached: All classes are known',
    ]);
    const { keyId } = sealer().open(token);
    expect(await tab.root.locator('[data-details]').textContent()).toContain(`The token names the key ${keyId}.`);
    expect(await tab.root.locator('[data-legend]').textContent()).toContain('2023-11-14 22:13:20 UTC');
    await page.context().close();
  });

  it.each([
    ['no key', ''],
    ['another key', 'other'],
  ])('says that a signed payload can be read but is not verified, with %s', async (_name, which) => {
    const { page, tab } = await open();
    if (which === 'other') {
      await new OpenTab(page).fill({ token: signing.seal({ name: 'readable' }), purpose: PURPOSE });
      await tab.key.fill(await new SealTab(page).key.inputValue()); // the page's own, new key
      expect(await tab.failed()).toBe('The key is known ERR_SEAL_KEY_UNKNOWN');
    } else await tab.fill({ token: signing.seal({ name: 'readable' }), purpose: PURPOSE });
    expect(await tab.root.locator('[data-details]').textContent()).toContain('nothing vouches for it');
    expect(await tab.unverified.isVisible()).toBe(true);
    expect(await tab.unverified.textContent()).toContain('.dnamehr');
    expect(await tab.value.isVisible()).toBe(false);
    await page.context().close();
  });

  it.each([
    ['letters', 'x'.repeat(1_000_000)],
    ['spaces', `x${' '.repeat(1_000_000)}y`],
    ['pairs', 'a=b; '.repeat(200_000)],
  ])('takes a million characters of %s without a hang', async (_name, text) => {
    const { page, tab } = await open();
    await tab.fill({ token: text, key: KEY, purpose: PURPOSE });
    expect(await tab.failed()).toMatch(/^The text is canonical base64url/);
    await page.context().close();
  });

  it('shows markup in a value as text', async () => {
    const { page, tab, complaints } = await open();
    const markup = '<img src=x onerror="complain(1)"><script>complain(2)</script>';
    await tab.fill({ token: sealer().seal({ [markup]: markup }), key: KEY, purpose: PURPOSE });
    expect(await tab.value.textContent()).toContain('<img src=x');
    expect(await tab.root.locator('img, script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows every type in the notation of the Seal tab, which reads it back', async () => {
    const { page, tab } = await open();
    const seal = new SealTab(page);
    await page.getByRole('tab', { name: 'Seal a value' }).click();
    await seal.button('Every type').click();
    await seal.button('Open this token').click();
    const shown = (await tab.value.textContent()) ?? '';
    await page.getByRole('tab', { name: 'Seal a value' }).click();
    await seal.value.fill(shown);
    expect(await seal.message.isVisible()).toBe(false);
    await seal.button('Open this token').click();
    expect(await tab.value.textContent()).toBe(shown);
    expect(shown).toContain('"$Float32Array": [0.5, 1.25]');
    await page.context().close();
  });
}
