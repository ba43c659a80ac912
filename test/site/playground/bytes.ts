/** The payload beside its bytes, and the token with single bits turned over. */
import { createSealer } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const VALUE = { greeting: 'Grüße 🍪', when: new Date(0), cart: new Map([['apple', 3]]), list: [1, [2, [3]]] };
const OPTIONS = { keys: [KEY], purpose: 'cookie:demo' };
const token = createSealer(OPTIONS).seal(VALUE);
const signed = createSealer({ ...OPTIONS, keys: [{ secret: KEY, encrypt: false }] }).seal(VALUE);

export function bytesTests(site: Site): void {
  async function open(cookie = token, key = KEY) {
    const opened = await openPlayground(site);
    await opened.view.fill({ cookie: `demo=${cookie}`, key });
    return opened;
  }

  it('hex rows joined are the payload, byte for byte', async () => {
    const { page, view } = await open();
    const bytes = createSealer(OPTIONS).authenticate(token).payload;
    const digits = await view.root.locator('.hex-row .digits').allTextContents();
    expect(digits.join(' ').replaceAll(' ', '')).toBe(Buffer.from(bytes).toString('hex'));
    const texts = await view.root.locator('.hex-row .text').allTextContents();
    expect(texts.join('')).toHaveLength(bytes.length); // offsets of both line up, whatever the text is made of
    await page.context().close();
  });

  it('an item chosen in the tree is marked in the bytes', async () => {
    const { page, view, complaints } = await open();
    const line = view.root.getByRole('treeitem', { name: /"when"/ });
    await line.locator('.line').first().click();
    expect(await view.highlighted('sealring-selected')).toBe('c1 00');
    expect(await view.item.textContent()).toMatch(/^Bytes \d+–\d+: tag\(1\), Date 1970-01-01/);
    await page.keyboard.press('ArrowDown');
    expect(await view.item.textContent()).toContain('Map of 1 entry');
    await page.keyboard.press('ArrowUp');
    expect(await view.highlighted('sealring-selected')).toBe('c1 00');
    await view.root.getByRole('treeitem', { name: /"greeting"/ }).hover();
    expect((await view.highlighted('sealring-hovered')).replaceAll(' ', '')).toBe(
      `6e${Buffer.from('Grüße 🍪').toString('hex')}`.replace('6e', (0x60 + Buffer.byteLength('Grüße 🍪')).toString(16)),
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('every byte chosen with the keyboard is an item of the tree', async () => {
    const { page, view } = await open();
    const { length } = createSealer(OPTIONS).authenticate(token).payload;
    await view.root.locator('[data-hex]').focus();
    const seen = new Set<string>();
    for (let at = 0; at < length; at++) {
      await page.keyboard.press('ArrowRight');
      const [, from = '', to = from] = /^Bytes? (\d+)(?:–(\d+))?:/.exec((await view.item.textContent()) ?? '') ?? [];
      expect(Number(from) <= at && at <= Number(to)).toBe(true);
      expect(await view.root.locator('[data-tree] [aria-selected="true"]').count()).toBe(1);
      seen.add(from);
    }
    expect(seen.size).toBeGreaterThan(12);
    await page.context().close();
  });

  it('a byte that is clicked selects its item', async () => {
    const { page, view } = await open();
    const row = view.root.locator('.hex-row .digits').first();
    const box = await row.boundingBox();
    const digits = ((await row.textContent()) ?? '').length;
    // The third byte: part of the key "greeting".
    await page.mouse.click((box?.x ?? 0) + ((2 * 3 + 1) / digits) * (box?.width ?? 0), (box?.y ?? 0) + 8);
    expect(await view.item.textContent()).toContain('"greeting"');
    expect(await view.highlighted('sealring-cursor')).toBe('67');
    await page.context().close();
  });

  it('annotated lines cover every item, and choose it', async () => {
    const { page, view } = await open();
    await view.root.getByRole('tab', { name: 'Annotated' }).click();
    const line = view.root.locator('.annotated-line', { hasText: 'Date 1970' });
    await line.click();
    expect(await line.getAttribute('aria-pressed')).toBe('true');
    expect(await view.root.locator('[data-tree] [aria-selected="true"]').textContent()).toContain('Date 1970');
    await page.context().close();
  });

  it('a long payload is shown a page at a time, and chosen items are turned to', async () => {
    const list = Array.from({ length: 1500 }, (_, at) => `item ${at}`);
    const long = createSealer({ ...OPTIONS, limits: { bytes: 65_536, items: 65_536 } }).seal(list);
    const { page, view } = await open(long);
    expect(await view.verdict.textContent()).toBe('It opens.');
    expect(await view.root.locator('.hex-row').count()).toBeLessThanOrEqual(256);
    const lines = await view.root.getByRole('treeitem').count();
    expect(lines).toBeGreaterThan(100);
    expect(lines).toBeLessThanOrEqual(400);
    await view.button('Later bytes').click();
    expect(await view.root.locator('.hex-row .offset').first().textContent()).toBe('0800');
    await view.root.locator('.hex-row').last().locator('.digits').click();
    expect(await view.root.locator('[data-tree] [aria-selected="true"]').count()).toBe(1);
    await page.context().close();
  });

  describe('a bit turned over', () => {
    it.each([
      ['lead', 'version', token],
      ['key-id', 'key', token],
      ['issued-at', 'integrity', token],
      ['nonce', 'integrity', token],
      ['ciphertext', 'integrity', token],
      ['tag', 'integrity', token],
      ['payload', 'integrity', signed],
      ['mac', 'integrity', signed],
    ])('in the %s breaks the check of %s', async (segment, check, cookie) => {
      const { page, view } = await open(cookie);
      expect(await view.verdict.textContent()).toBe('It opens.');
      await view.unfold('Tamper with it');
      await view.root.locator(`[data-flip-segments] [data-part="${segment}"]`).click();
      expect(await view.failed()).toMatch(new RegExp(`^${check} `));
      expect(await view.token.locator('mark').count()).toBe(1);
      if (cookie === signed) expect(await view.mark.textContent()).toContain('nothing vouches for it');
      else expect(await view.payload.isVisible()).toBe(false);
      await view.button('Undo all').click();
      expect(await view.verdict.textContent()).toBe('It opens.');
      await page.context().close();
    });

    it('by a click on its character, and back by another', async () => {
      const { page, view } = await open();
      const last = view.token.locator('[data-part="tag"]');
      await last.click();
      expect(await view.failed()).toBe('integrity ERR_SEAL_TAMPERED');
      await view.token.locator('mark').click();
      expect(await view.verdict.textContent()).toBe('It opens.');
      await page.context().close();
    });

    it('with the keyboard', async () => {
      const { page, view } = await open();
      await view.unfold('Tamper with it');
      await view.root.getByLabel('Character', { exact: true }).focus();
      for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await view.failed()).toBe('key ERR_SEAL_KEY_UNKNOWN');
      expect(await view.root.locator('[data-tampered-text]').textContent()).toContain('Key id');
      await page.context().close();
    });

    it('never gives a payload that passes as trusted: 200 mutations', async () => {
      const { page, view, complaints } = await open();
      const accepted = await view.root.evaluate((root, text) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const field = root.querySelector<HTMLTextAreaElement>('[data-pasted]');
        const verdict = root.querySelector<HTMLElement>('[data-verdict]');
        const codes = root.querySelector('[data-checks]');
        let seed = 1;
        const random = (below: number) => {
          seed = (seed * 48_271) % 2_147_483_647;
          return seed % below;
        };
        const wrong: string[] = [];
        for (let round = 0; round < 200; round++) {
          const at = random(text.length);
          const other = alphabet.charAt(random(64));
          if (other === text.charAt(at) || field === null) continue;
          field.value = `demo=${text.slice(0, at)}${other}${text.slice(at + 1)}`;
          field.dispatchEvent(new Event('input'));
          const isNamed =
            codes?.querySelector('[data-state="failed"] code') !== null || verdict?.dataset['state'] === 'unknown';
          if (verdict?.dataset['state'] === 'opens' || !isNamed) wrong.push(field.value);
        }
        return wrong;
      }, token);
      expect(accepted).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it('a check that is pointed at marks its bytes in the token', async () => {
    const { page, view } = await open();
    await view.button('bytes 1–3').focus();
    expect(
      await view.token.locator('[data-lit]').evaluateAll((all) => all.map((one) => one.getAttribute('data-part'))),
    ).toEqual(['key-id']);
    await view.name.focus();
    expect(await view.token.locator('[data-lit]').count()).toBe(0);
    await page.context().close();
  });
}
