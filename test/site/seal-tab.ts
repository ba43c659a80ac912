/** The Seal tab: what is typed becomes a token that a server opens, and every changed character is noticed by the right check. */
import { createSealer } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SealTab } from './support/playground.ts';
import type { Site } from './support/site.ts';

const PURPOSE = 'cookie:session';

export function sealTests(site: Site): void {
  async function open() {
    const { page, complaints } = await site.open('/playground/');
    return { page, tab: new SealTab(page), complaints };
  }

  it.each(['sealed', 'signed'])('shows a %s token of the example at once, which a server opens', async (mode) => {
    const { page, tab } = await open();
    if (mode === 'signed') await tab.root.getByLabel('Signed:').check();
    const sealer = createSealer({
      keys: [{ secret: await tab.key.inputValue(), encrypt: mode === 'sealed' }],
      purpose: PURPOSE,
    });
    expect(sealer.open(await tab.token()).value).toEqual({
      user: 42,
      name: 'Zoë',
      lastVisit: new Date('2026-01-01T09:30:00.000Z'),
      cart: new Map([
        ['apple', 3],
        ['pear', 1],
      ]),
      seen: new Set(['welcome', 'cookies']),
    });
    expect(await tab.failed()).toBe('none');
    await page.context().close();
  });

  it('seals with the purpose, the context and the key that are typed', async () => {
    const { page, tab } = await open();
    const key = 'sealring_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA';
    await tab.key.fill(key);
    expect(await tab.root.locator('[data-key-message]').textContent()).toMatch(/^This field expected/); // its checksum is missing
    expect(await tab.root.locator('[data-output]').isVisible()).toBe(false);
    await tab.button('New key').click();
    await tab.purpose.fill('magic-link');
    await tab.context.fill('ada');
    const sealer = createSealer({ keys: [await tab.key.inputValue()], purpose: 'magic-link' });
    const token = await tab.token();
    expect(sealer.safeOpen(token, { context: 'ada' }).ok).toBe(true);
    expect(sealer.safeOpen(token).ok).toBe(false);
    await tab.purpose.fill('');
    expect(await tab.root.locator('[data-purpose-message]').textContent()).toContain('A purpose is needed');
    await page.context().close();
  });

  describe('Value', () => {
    let opened: ReturnType<typeof open>; // one page for all rows: each replaces what the last one typed
    beforeAll(async () => {
      opened = open();
      await opened;
    });
    afterAll(async () => (await opened).page.context().close());

    it.each([
      ['12', 12],
      ['-0', -0],
      ['"a\\u00e9\\n"', 'aé\n'],
      ["{a: 'b', /* c */ d: [1, 2,],} // e", { a: 'b', d: [1, 2] }],
      ['[NaN, -Infinity, undefined, null, true]', [Number.NaN, Number.NEGATIVE_INFINITY, undefined, null, true]],
      ['{"$number": "-0"}', -0],
      ['{"$undefined": true}', undefined],
      ['{"$date": "2026-01-01"}', new Date('2026-01-01')],
      [
        '{"$map": [[{"$date": 0 }, 1]]}',
        'Line 1, column 22. $date expected a time such as "2026-01-01T00:00:00.000Z".',
      ],
      ['{"$map": [[{"a": 1}, {"$set": [[]]}]]}', new Map([[{ a: 1 }, new Set([[]])]])],
      ['{"$bigint": "-18446744073709551617"}', -18446744073709551617n],
      ['{"$bytes": "00 ff C0"}', Uint8Array.of(0, 255, 192)],
      ['{"$Int16Array": [-1, 2]}', Int16Array.of(-1, 2)],
      ['{"$BigUint64Array": ["1"]}', BigUint64Array.of(1n)],
      ['{"$url": "https://example.com/a?b"}', new URL('https://example.com/a?b')],
      ['{"$object": {"$date": 1}}', { $date: 1 }],
      ['{"$date": 1, "b": 2}', { $date: 1, b: 2 }],
      ['', 'Line 1, column 1. Expected a value, got the end of the text.'],
      ['{"a": 1,\n "b" 2}', 'Line 2, column 6. Expected ":" after the name "b", got "2".'],
      ['[1, 2', 'Line 1, column 6. Expected "," or "]", got the end of the text.'],
      ['{"a": 1} x', 'Line 1, column 10. Expected nothing more after the value, got "x".'],
      ['{"é😀": hello}', 'Line 1, column 8. Expected a value, got the word "hello"; a text stands in quotes.'],
      ['{"a": 1, "a": 2}', 'Line 1, column 10. The name "a" stands here a second time.'],
      ['"abc', 'Line 1, column 1. This text has no closing " on its line; write a line break as \\n.'],
      [
        '9007199254740993',
        'Line 1, column 1. 9007199254740993 is more than a number holds exactly; write {"$bigint": "9007199254740993"}.',
      ],
      ['{"$bytes": "0"}', 'Line 1, column 12. $bytes expected hexadecimal digits in quotes, two for a byte.'],
      ['{"$when": 1}', /^Line 1, column 2\. \$when is none of \$date, .*"\$object": \{"\$when": …\}/],
      ['{"__proto__": 1}', /the key __proto__.*\(ERR_SEAL_TYPE_UNKNOWN\)/],
      [`${'['.repeat(40)}${']'.repeat(40)}`, /ERR_SEAL_TOO_LARGE/],
    ])('takes %j', async (text, expected) => {
      const { tab, complaints } = await opened;
      await tab.value.fill(text);
      if (expected instanceof RegExp || (typeof expected === 'string' && expected.startsWith('Line '))) {
        expect(await tab.message.textContent()).toEqual(
          typeof expected === 'string' ? expected : expect.stringMatching(expected),
        );
        expect(await tab.root.locator('[data-output]').isVisible()).toBe(false);
      } else {
        expect(await tab.message.isVisible()).toBe(false);
        const sealer = createSealer({ keys: [await tab.key.inputValue()], purpose: PURPOSE });
        expect(sealer.open(await tab.token()).value).toEqual(expected);
      }
      expect(complaints).toEqual([]);
    });
  });

  it('selects the place of a mistake when asked', async () => {
    const { page, tab } = await open();
    await tab.value.fill('[1,\n  oops]');
    await tab.button('Go there').click();
    const selected = await tab.value.evaluate((field) =>
      field instanceof HTMLTextAreaElement ? [field.selectionStart, field.selectionEnd] : [],
    );
    expect(selected).toEqual([6, 7]);
    await page.context().close();
  });

  it.each([
    ['sealed', ['lead', 'key-id', 'issued-at', 'nonce', 'ciphertext', 'tag']],
    ['signed', ['lead', 'key-id', 'issued-at', 'payload', 'mac']],
  ])('names the check that notices a changed character, for each part of a %s token', async (mode, names) => {
    const expected: Record<string, string> = {
      lead: 'The version is known ERR_SEAL_VERSION',
      'key-id': 'The key is known ERR_SEAL_KEY_UNKNOWN',
    };
    const { page, tab } = await open();
    if (mode === 'signed') await tab.root.getByLabel('Signed:').check();
    const parts = await tab.parts();
    expect(parts.map(({ name }) => name)).toEqual(names);
    for (const { name, from, to } of parts) {
      for (const position of new Set([from, to - 1])) {
        await tab.flip(position);
        expect(await tab.failed(), `${name} ${position}`).toBe(expected[name] ?? 'The tag fits ERR_SEAL_TAMPERED');
        const checks = await tab.checks();
        const failedAt = checks.findIndex((check) => check.startsWith('failed'));
        expect(checks.slice(0, failedAt).every((check) => check.startsWith('passed'))).toBe(true);
        expect(checks.slice(failedAt + 1).every((check) => check.startsWith('not reached'))).toBe(true);
        await tab.flip(position); // back
        expect(await tab.failed(), `${name} ${position} flipped back`).toBe('none');
      }
    }
    await page.context().close();
  });

  it('flips the character that is clicked, also in the second line, and undoes it', async () => {
    const { page, tab } = await open();
    const before = await tab.token();
    for (const position of [3, before.length - 2]) {
      const box = await tab.root.locator('[data-token]').evaluate((element, at) => {
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let left = at;
        for (let text = texts.nextNode(); text instanceof Text; text = texts.nextNode()) {
          if (left < text.length) {
            const range = document.createRange();
            range.setStart(text, left);
            range.setEnd(text, left + 1);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x: x + width * 0.8, y: y + height / 2 };
          }
          left -= text.length;
        }
        return { x: 0, y: 0 };
      }, position);
      await page.mouse.click(box.x, box.y);
      const after = await tab.token();
      const changed = [...before].flatMap((character, at) => (character === after[at] ? [] : [at]));
      expect(changed).toEqual([position]);
      expect(await tab.root.locator('mark').textContent()).toBe(after[position]);
      await tab.button('Undo all').click();
      expect(await tab.token()).toBe(before);
    }
    await page.context().close();
  });

  it('counts name and value in bytes, and warns at 4,097 and not before', async () => {
    const { page, tab } = await open();
    await tab.value.fill(JSON.stringify('é'.repeat(1400)));
    const token = await tab.token();
    const name = tab.root.getByLabel('Cookie name');
    await name.fill('n'.repeat(4096 - token.length));
    expect(await tab.size.textContent()).toBe('Name and value are 4,096 of 4,096 bytes.');
    await name.fill('n'.repeat(4097 - token.length));
    expect(await tab.size.textContent()).toBe('Name and value are 4,097 of 4,096 bytes: browsers drop such a cookie.');
    await page.context().close();
  });

  it('copies the token as it stands', async () => {
    const { page, tab } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.flip(12);
    await tab.button('Copy').click();
    await tab.button('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await tab.token());
    await page.context().close();
  });

  it('says what happened to those who listen', async () => {
    const { page, tab } = await open();
    const status = tab.root.getByRole('status');
    await status.filter({ hasText: 'Sealed. Name and value are' }).waitFor();
    await tab.flip(0);
    await status.filter({ hasText: 'One character of the lead is changed.' }).waitFor();
    expect(await status.textContent()).toContain('ERR_SEAL_VERSION');
    await page.context().close();
  });
}
