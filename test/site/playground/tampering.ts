/** The token with bits turned over and characters changed: what then fails, and that nothing of it passes as trusted. */
import { createSealer } from '@sealring/codec';
import { expect, it } from 'vitest';
import { randomFrom } from '../../codec/support.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const VALUE = { greeting: 'Grüße 🍪', when: new Date(0), cart: new Map([['apple', 3]]), list: [1, [2, [3]]] };
const ISSUED = 1_767_225_600;
const purpose = 'sealring:cookie:demo';
const random = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);
const token = createSealer({ keys: [KEY], purpose, reserved: true }).seal(VALUE, { now: ISSUED, random });
const signed = createSealer({ keys: [{ secret: KEY, encrypt: false }], purpose, reserved: true }).seal(VALUE, {
  now: ISSUED,
});
/** Opens both. */
const reader = createSealer({ keys: [KEY, { secret: KEY, encrypt: false }], purpose, reserved: true });

export function tamperingTests(site: Site): void {
  async function open(cookie = token) {
    const opened = await openPlayground(site);
    await opened.view.fill({ cookie: `demo=${cookie}`, key: KEY });
    return opened;
  }

  it.each([
    ['lead', 'version', token],
    ['key-id', 'key', token],
    ['issued-at', 'integrity', token],
    ['random', 'integrity', token],
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

  it.each([
    ['sealed', token],
    ['signed', signed],
  ])(
    'a thousand changes of a %s token: each is refused as the codec refuses it, and nothing of it is trusted',
    {
      timeout: 300_000,
    },
    async (_mode, text) => {
      const { page, view, complaints } = await open(text);
      expect(await view.look()).toMatchObject({ verdict: 'It opens.', failed: 'none', payload: 'good' });
      const changes = changesOf(text, 1000);
      const shown = await view.root.evaluate((root, texts) => {
        const field = root.querySelector<HTMLTextAreaElement>('[data-pasted]');
        return texts.map((changed) => {
          if (field) field.value = `demo=${changed}`;
          field?.dispatchEvent(new Event('input'));
          const failed = root.querySelectorAll('[data-checks] > [data-state="failed"]');
          const isShown = root.querySelector('[data-payload-card]:not([hidden])') !== null;
          const mark = root.querySelector<HTMLElement>('[data-payload-mark]:not([hidden])');
          return {
            codes: Array.from(failed, (row) => row.querySelector('code')?.textContent ?? 'no code'),
            state: root.querySelector<HTMLElement>('[data-verdict]')?.dataset['state'],
            payload: isShown ? (mark?.dataset['state'] ?? 'without a mark') : 'none',
            reseals: isShown && root.querySelector('[data-reseal]:disabled') === null,
          };
        });
      }, changes);
      const codes = new Map<string, number>();
      const wrong = shown.flatMap((said, at) => {
        const changed = changes[at] ?? '';
        const outcome = reader.safeOpen(changed, { now: ISSUED });
        const code = outcome.ok ? 'opens' : outcome.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        const isRight =
          said.codes.join() === code && (said.state === 'refused' || said.state === 'unknown') && !said.reseals;
        const isTrusted = said.payload !== 'none' && said.payload !== 'unverified';
        return isRight && !isTrusted ? [] : [{ changed, code, ...said }];
      });
      expect(shown).toHaveLength(1000);
      expect(wrong).toEqual([]);
      // So that it says something of every step at which an attacker is stopped.
      for (const code of ['MALFORMED', 'VERSION', 'KEY_UNKNOWN', 'TAMPERED'])
        expect(codes.get(`ERR_SEAL_${code}`), code).toBeGreaterThan(3);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same ones each time: a character in place of another or put in, some cut out, two that change places. */
function changesOf(text: string, count: number): string[] {
  const random = randomFrom(20_261_128);
  const below = (limit: number) => Math.floor(random() * limit);
  // Often near the start, where version and key id stand.
  const place = () => (below(4) === 0 ? below(6) : below(text.length));
  const letter = () => (below(8) === 0 ? '!~é'.charAt(below(3)) : ALPHABET.charAt(below(64)));
  const kinds = [
    (at: number) => text.slice(0, at) + letter() + text.slice(at + 1),
    (at: number) => text.slice(0, at) + letter() + text.slice(at),
    (at: number) => text.slice(0, at) + text.slice(at + 1 + below(below(4) === 0 ? text.length - 1 : 4)),
    (at: number) => swapped(text, at, place()),
  ];
  const changes: string[] = [];
  while (changes.length < count) {
    const changed = kinds[changes.length % kinds.length]?.(place()) ?? '';
    if (changed !== text && changed !== '') changes.push(changed);
  }
  return changes;
}

function swapped(text: string, one: number, other: number): string {
  const characters = [...text];
  [characters[one], characters[other]] = [characters[other] ?? '', characters[one] ?? ''];
  return characters.join('');
}
