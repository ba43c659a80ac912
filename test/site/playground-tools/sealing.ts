/** The Seal view: what is typed becomes a cookie that a real store opens, and every mistake is named with its place. */
import { createSealer, generateKey } from '@sealring/codec';
import { cookieStore } from 'sealring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAMEWORKS } from '../../../site/src/playground/code/program.ts';
import { sidewaysScroll } from '../support/chromium.ts';
import { tabTo } from '../support/keyboard.ts';
import type { Site } from '../support/site.ts';
import { KEY, OTHER_KEY, openTool, smallTargets, type Tool } from './tools-page.ts';

const NAME = '__Host-session';
const sealer = () => createSealer({ keys: [KEY], purpose: `sealring:cookie:${NAME}`, reserved: true });
const tokenOf = async ({ root }: Tool) => (await root.locator('[data-token]').textContent()) ?? '';

export function sealingTests(site: Site): void {
  async function open(options?: Parameters<typeof openTool>[2]): Promise<Tool> {
    const tool = await openTool(site, 'Seal', options);
    await tool.useKey(KEY);
    return tool;
  }

  it('offers to make a key where there is none, and seals with it', async () => {
    const tool = await openTool(site, 'Seal');
    expect(await tool.root.locator('[data-missing]').textContent()).toBe('A key is needed to seal with.');
    await tool.button('Make a key').click();
    const key = await tool.root.locator('[data-key]').first().inputValue();
    const opened = createSealer({ keys: [key], purpose: `sealring:cookie:${NAME}`, reserved: true }).open(
      await tokenOf(tool),
    );
    expect(opened.value).toEqual([expect.any(Number), expect.any(Object), expect.any(Uint8Array), expect.any(Map)]);
    expect(tool.complaints).toEqual([]);
    expect(tool.requests).toEqual([]);
    await tool.close();
  });

  it.each(['sealed', 'signed'])('makes a %s session that a server with that key and name opens', async (mode) => {
    const tool = await open();
    if (mode === 'signed') await tool.root.getByLabel('Signed:').check();
    const line = (await tool.root.locator('[data-line]').textContent()) ?? '';
    expect(line).toMatch(
      /^Set-Cookie: __Host-session=[ES][\w-]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const store = cookieStore({ keys: [{ secret: KEY, encrypt: mode === 'sealed' }] });
    const cookie = line.slice('Set-Cookie: '.length).split(';')[0] ?? '';
    const session = await store.get(new Request('https://example.org/', { headers: { cookie } }), 'session');
    expect(session.rejected).toBeUndefined();
    expect(new Map(session.entries())).toEqual(
      new Map<unknown, unknown>([
        ['userId', 'u_4071'],
        ['name', 'Zoë'],
        ['lastVisit', new Date('2026-01-01T09:30:00.000Z')],
        [
          'cart',
          new Map([
            ['apple', 3],
            ['pear', 1],
          ]),
        ],
      ]),
    );
    expect(session.flashes()).toEqual(['Welcome back']);
    await tool.close();
  });

  it('seals subject, lifetime and messages as they are typed, and says what is wrong with messages', async () => {
    const tool = await open();
    const { root } = tool;
    await root.getByText('Flash messages, subject and lifetime').click();
    await root.getByLabel('Subject').fill('u_1');
    await root.getByLabel('Lifetime').selectOption('seconds');
    await root.getByLabel('Seconds', { exact: true }).fill('60');
    await root.getByLabel('Flash messages').fill('{"errors": ["No"]}');
    const { value } = sealer().open(await tokenOf(tool));
    expect(value).toMatchObject([{}, {}, {}, new Map([['errors', [[expect.any(Number), 'No']]]]), 60, 'u_1', {}]);
    expect(await root.locator('[data-line]').textContent()).toContain('; Max-Age=60;');
    await root.getByLabel('Lifetime').selectOption('browser');
    expect(sealer().open(await tokenOf(tool)).value).toMatchObject({ 4: null });
    expect(await root.locator('[data-line]').textContent()).not.toContain('Max-Age');
    await root.getByLabel('Flash messages').fill('["No"]');
    expect(await root.locator('#seal-flashes-message').textContent()).toMatch(
      /^Expected an array of messages for each bag/,
    );
    expect(await root.locator('[data-output]').isVisible()).toBe(false);
    await tool.close();
  });

  describe('a value', () => {
    let opened: Promise<Tool>; // one page for all rows: each replaces what the last one typed
    beforeAll(async () => {
      opened = open();
      await (await opened).root.getByLabel('Any value, as').check();
    });
    afterAll(async () => (await opened).close());

    it.each([
      ['12', 12],
      ['-0', -0],
      ['"a\\u00e9\\n"', 'aé\n'],
      ["{a: 'b', /* c */ d: [1, 2,],} // e", { a: 'b', d: [1, 2] }],
      ['[NaN, -Infinity, undefined, null, true]', [Number.NaN, Number.NEGATIVE_INFINITY, undefined, null, true]],
      ['{"$undefined": true}', undefined],
      ['{"$date": "2026-01-01"}', new Date('2026-01-01')],
      ['{"$map": [[{"a": 1}, {"$set": [[]]}]]}', new Map([[{ a: 1 }, new Set([[]])]])],
      ['{"$bigint": "-18446744073709551617"}', -18446744073709551617n],
      ['{"$bytes": "00 ff C0"}', Uint8Array.of(0, 255, 192)],
      ['{"$Int16Array": [-1, 2]}', Int16Array.of(-1, 2)],
      ['{"$url": "https://example.com/a?b"}', new URL('https://example.com/a?b')],
      ['{"$object": {"$date": 1}}', { $date: 1 }],
      ['"😀é"', '😀é'],
    ])('is sealed: %s', async (text, expected) => {
      const tool = await opened;
      await tool.root.getByLabel('Value', { exact: true }).fill(text);
      expect(sealer().open(await tokenOf(tool)).value).toEqual(expected);
      expect(await tool.root.locator('#seal-value-message').isVisible()).toBe(false);
    });

    it.each([
      ['', 'Line 1, column 1. Expected a value, got the end of the text.'],
      ['{"a": 1,\n "b" 2}', 'Line 2, column 6. Expected ":" after the name "b", got "2".'],
      ['[1, 2', 'Line 1, column 6. Expected "," or "]", got the end of the text.'],
      ['{"é😀": hello}', 'Line 1, column 8. Expected a value, got the word "hello"; a text stands in quotes.'],
      ['{"a": 1, "a": 2}', 'Line 1, column 10. The name "a" stands here a second time.'],
      ['{"$bytes": "0"}', 'Line 1, column 12. $bytes expected hexadecimal digits in quotes, two for a byte.'],
      ['{"$class": ["Person", {}]}', 'Line 1, column 13. No class is registered as "Person".'],
      ['{"__proto__": 1}', /the key __proto__.*\(ERR_SEAL_TYPE_UNKNOWN\)\.$/],
      [`${'['.repeat(40)}${']'.repeat(40)}`, /\(ERR_SEAL_TOO_LARGE\)\.$/],
    ])('is refused: %s', async (text, expected) => {
      const { root, complaints } = await opened;
      await root.getByLabel('Value', { exact: true }).fill(text);
      const message = await root.locator('#seal-value-message').textContent();
      expect(message).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
      expect(await root.locator('[data-output]').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    });

    it('of a session has to have names', async () => {
      const tool = await open();
      await tool.root.getByLabel('Values').fill('[1]');
      expect(await tool.root.locator('#seal-value-message').textContent()).toMatch(/^A session holds values by name/);
      await tool.root.getByLabel('Values').fill('{"$map": [[1, 2]]}');
      expect(sealer().open(await tokenOf(tool)).value).toMatchObject({ 1: new Map([[1, 2]]) });
      await tool.close();
    });
  });

  it('selects the place of a mistake when asked', async () => {
    const tool = await open();
    const field = tool.root.getByLabel('Values');
    await field.fill('{"a":\n  oops}');
    await tool.button('Go there').click();
    const selected = await field.evaluate((area) =>
      area instanceof HTMLTextAreaElement ? [area.selectionStart, area.selectionEnd] : [],
    );
    expect(selected).toEqual([8, 9]);
    await tool.close();
  });

  it('counts bytes, not characters, and warns at 4,097 of them and not before', async () => {
    const tool = await open();
    const { root } = tool;
    await root.getByLabel('Any value, as').check();
    await root.getByLabel('Value', { exact: true }).fill(JSON.stringify('🍰'.repeat(720)));
    const length = (await tokenOf(tool)).length;
    expect(length).toBe(Math.ceil(((40 + 3 + 4 * 720) * 4) / 3));
    const text = root.locator('[data-size-text]');
    const name = root.getByLabel('Cookie name');
    await name.fill('n'.repeat(4096 - length));
    expect(await text.textContent()).toBe('Name and value are 4,096 of 4,096 bytes.');
    expect(await root.getByRole('meter').getAttribute('aria-valuetext')).toBe(await text.textContent());
    expect(await root.locator('[data-largest]').isVisible()).toBe(false);
    await name.fill('n'.repeat(4097 - length));
    expect(await text.textContent()).toMatch(
      /^Name and value are 4,097 of 4,096 bytes: browsers will drop this cookie\./,
    );
    expect(await text.textContent()).toContain('chunks: 2');
    expect(await root.locator('[data-line-row]').isVisible()).toBe(false);
    await name.fill('é'.repeat(10));
    expect(await text.textContent()).toContain(`${(length + 20).toLocaleString('en')} of`);
    expect(await root.locator('[data-name-message]').textContent()).toContain("A cookie's name is letters");
    await tool.close();
  });

  it('names the largest keys of what browsers would drop', async () => {
    const tool = await open();
    await tool.button('Too large').click();
    const keys = await tool.root.locator('[data-largest-keys] code').allTextContents();
    expect(keys).toEqual(['history', 'note', 'userId']);
    await tool.close();
  });

  it('gives back every type after seal, open, edit and re-seal', async () => {
    const tool = await open();
    const { root, page } = tool;
    await tool.button('A class').click(); // registers Person as well
    const before = `{"d": {"$date": "2026-01-01T00:00:00.000Z"}, "m": {"$map": [[1, {"$set": ["a", {"$bigint": "7"}]}]]},
      "b": {"$bytes": "c0ffee"}, "p": {"$class": ["Person", {"firstName": "Ada", "lastName": {"$undefined": true}}]}, "n": 1}`;
    await root.getByLabel('Values').fill(before);
    await tool.button('Open it').click();
    const other = page.locator('#view-open');
    expect(await other.locator('[data-verdict]').textContent()).toBe('It opens.');
    await other.getByRole('button', { name: 'Edit and re-seal' }).click();
    const field = root.getByLabel('Values');
    expect(await field.inputValue()).toContain('{"firstName": "Ada", "lastName": {"$undefined": true}}');
    expect(await root.getByLabel('A session, as').isChecked()).toBe(true);
    await field.fill((await field.inputValue()).replace('"n": 1', '"n": 2'));
    await tool.button('Open it').click();
    expect(await other.locator('[data-verdict]').textContent()).toBe('It opens.');
    await other.getByRole('tab', { name: 'JSON' }).click();
    const json = (await other.locator('[data-json]').textContent())?.replaceAll(/\s+/g, '');
    for (const piece of [
      '"d": {"$date": "2026-01-01T00:00:00.000Z"}',
      '"m": {"$map": [[1, {"$set": ["a", {"$bigint": "7"}]}]]}',
      '"b": {"$bytes": "c0ffee"}',
      '{"$class": ["Person", {"firstName": "Ada", "lastName": {"$undefined": true}}]}',
      '"n": 2',
    ]) {
      expect(json).toContain(piece.replaceAll(' ', ''));
    }
    expect(tool.complaints).toEqual([]);
    await tool.close();
  });

  it('keeps id, birth, subject and messages of an opened session when it is sealed again', async () => {
    const tool = await openTool(site, 'Seal');
    const { root, page } = tool;
    const record = [
      1_767_225_600,
      { a: 1 },
      new Uint8Array(12).fill(7),
      new Map([['default', [[5, 'Hi']]]]),
      3600,
      'u_9',
      1_767_225_601,
      new Uint8Array(12).fill(8),
      9,
    ];
    const token = sealer().seal(record);
    await page.goto(`${site.origin}/playground/#token=${token}&name=${NAME}&key=demo-1`);
    await page.locator('#view-open').getByRole('button', { name: 'Edit and re-seal' }).click();
    await root.getByLabel('Values').fill('{"a": 2}');
    const { value } = sealer().open(await tokenOf(tool));
    expect(value).toEqual([
      record[0],
      { a: 2 },
      record[2],
      new Map([['default', [[expect.any(Number), 'Hi']]]]),
      ...record.slice(4),
    ]);
    await root.getByText('Flash messages, subject and lifetime').click();
    expect(await root.locator('[data-kept]').textContent()).toContain('created 2026-01-01 00:00:00 UTC');
    await tool.button('Make it a new session').click();
    expect(sealer().open(await tokenOf(tool)).value).not.toMatchObject({ 0: record[0] });
    await tool.close();
  });

  it('seals with the first of several keys, the purpose, the context, the clock and the dictionary of the shared fields', async () => {
    const tool = await open();
    const { root } = tool;
    await tool.button('Add').click();
    await root.locator('[data-key]').nth(1).fill(OTHER_KEY);
    await root.getByText('Purpose and context', { exact: true }).click();
    await root.getByLabel('Purpose').fill('magic-link');
    await root.getByLabel('Context').fill('ada');
    await root.getByLabel('Time, UTC').fill('2026-01-01T00:00:01');
    await root.getByText('Classes and dictionary').click();
    await root.getByLabel('Dictionary').fill('team\nrole');
    await root.getByLabel('Any value, as').check();
    await root.getByLabel('Value', { exact: true }).fill('{"team": 7}');
    const reader = createSealer({ keys: [KEY], purpose: 'magic-link', dictionary: ['team', 'role'] });
    expect(reader.open(await tokenOf(tool), { context: 'ada' })).toMatchObject({
      value: { team: 7 },
      issuedAt: 1_767_225_601,
    });
    await tool.close();
  });

  it('shows code for every framework with what the cookie needs, and no key', async () => {
    const tool = await open();
    const { root } = tool;
    await tool.button('A class').click();
    await root.getByText('Code that reads this cookie').click();
    for (const framework of FRAMEWORKS) {
      await root.getByLabel('For', { exact: true }).selectOption(framework);
      const code = (await root.locator('[data-code]').textContent()) ?? '';
      expect(code).toContain("keys: [process.env['SESSION_KEY']]");
      expect(code).toContain("register('Person', Person, { fields: ['firstName', 'lastName'] })");
      expect(code).toContain("'session')");
      expect(code).not.toContain(KEY.slice(9, 40));
    }
    await root.getByLabel('Signed:').check();
    expect(await root.locator('[data-code]').textContent()).toContain('encrypt: false');
    await tool.button('Open it').click();
    const other = tool.page.locator('#view-open');
    await other.getByText('Code that reads this cookie').click();
    await other.locator('[data-code]').filter({ hasText: 'encrypt: false' }).waitFor();
    await tool.close();
  });

  it('copies token, line and code', async () => {
    const tool = await open();
    const { page, root } = tool;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await root.getByText('Code that reads this cookie').click();
    for (const [button, source] of [
      ['Copy', 'token'],
      ['Copy line', 'line'],
      ['Copy code', 'code'],
    ] as const) {
      await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
      await tool.button(button).click();
      const shown = await root.locator(`[data-${source}]`).textContent();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
    }
    await tool.close();
  });

  it('says what happened to those who listen', async () => {
    const tool = await open();
    const status = tool.root.getByRole('status');
    await status.filter({ hasText: 'Sealed. Name and value are' }).waitFor();
    await tool.root.getByLabel('Values').fill('{');
    await status.filter({ hasText: 'No token: a field needs another value.' }).waitFor();
    await tool.close();
  });

  it('works by keyboard alone: value, key, token, open', async () => {
    const tool = await openTool(site, 'Seal');
    const { page, root } = tool;
    await page.getByRole('tab', { name: 'Seal' }).focus();
    await tabTo(page, '#seal-value');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{"a": 1}');
    await tabTo(page, { text: 'Make a key' });
    await page.keyboard.press('Enter');
    expect(await root.locator('[data-token]').textContent()).toMatch(/^E/);
    await page.getByRole('tab', { name: 'Seal' }).focus();
    await tabTo(page, { text: 'Open it' });
    await page.keyboard.press('Enter');
    expect(await page.locator('#view-open [data-verdict]').textContent()).toBe('It opens.');
    await tool.close();
  });

  it('forgets values and keys when one leaves', async () => {
    const tool = await openTool(site, 'Seal');
    const { page, root } = tool;
    await tool.useKey(generateKey());
    await root.getByLabel('Values').fill('{"secret": "plan"}');
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    expect(await root.getByLabel('Values').inputValue()).toBe('{}');
    expect(await root.locator('[data-key]').first().inputValue()).toBe('');
    expect(await root.locator('[data-output]').isVisible()).toBe(false);
    await tool.close();
  });

  it('fits 360 pixels, with targets of 24 and more', async () => {
    const tool = await open({ viewport: { width: 360, height: 640 } });
    for (const example of ['Too large', 'Every type', 'A class']) {
      await tool.button(example).click();
      expect(await sidewaysScroll(tool.page)).toBe(0);
    }
    await tool.root.getByText('Code that reads this cookie').click();
    await tool.root.getByText('Flash messages, subject and lifetime').click();
    expect(await sidewaysScroll(tool.page)).toBe(0);
    expect(await smallTargets(tool.page)).toEqual([]);
    await tool.close();
  });
}
