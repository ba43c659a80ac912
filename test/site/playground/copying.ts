/** The buttons that copy, each pressed: what is on the clipboard then is whole, also where the page shows less. */
import { createSealer } from '@sealring/codec';
import { formatDiagnostic } from '@sealring/inspect';
import { expect, it } from 'vitest';
import { formatValue } from '../../../site/src/playground/notation/format-value.ts';
import type { Site } from '../support/site.ts';
import { hexOf } from './items.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const sealer = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true });

export function copyingTests(site: Site): void {
  it.each([
    ['a small payload', { user: 42, cart: new Map([['apple', 3]]), lastVisit: new Date(0) }, false],
    ['a payload that is too long to be shown at once', { bytes: new Uint8Array(40_000).fill(171), end: true }, true],
  ])('copies token, JSON, CBOR, hex and summary of %s', async (_what, value, isCut) => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, view, complaints } = await openPlayground(site, '', { permissions });
    const token = sealer.seal(value, { now: 1_767_225_600 });
    const { payload } = sealer.authenticate(token);
    await view.fill({ cookie: `demo=${token}`, key: KEY, clock: '2026-01-01T00:00:00' }); // the summary says what time it is
    const copied = (button: string) => async (expected: string) => {
      await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
      await view.root.locator(button).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(expected);
    };
    await copied('[data-copy-token]')(token);
    const shown = await view.json();
    expect(shown.includes('characters more')).toBe(isCut);
    await copied('[data-copy-json]')(formatValue(value));
    await view.root.getByRole('tab', { name: 'CBOR' }).click();
    await copied('[data-copy-diagnostic]')(formatDiagnostic(payload));
    await copied('[data-copy-hex]')(hexOf(payload));
    await view.unfold('Summary for a bug ticket');
    const text = await view.root.locator('[data-ticket-text]').textContent();
    expect(text).toMatch(/^\*\*It opens\.\*\*\n\n- cookie: `demo`, /);
    await copied('[data-copy-ticket]')(text ?? '');
    await view.root.getByLabel('with the token').check();
    await view.root.getByLabel('with the payload').check();
    const whole = await view.root.locator('[data-ticket-text]').textContent();
    for (const part of [text ?? '', token, formatDiagnostic(payload)]) expect(whole).toContain(part);
    await copied('[data-copy-ticket]')(whole ?? '');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('copies a token as it is looked at, with the bits that are turned over', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, view } = await openPlayground(site, '', { permissions });
    const token = sealer.seal('as it was');
    await view.fill({ cookie: `demo=${token}`, key: KEY });
    await view.unfold('Tamper with it');
    await view.root.locator('[data-flip-segments] [data-part="tag"]').click();
    await page.evaluate(() => navigator.clipboard.writeText('nothing yet')); // a test before may have left a token there
    await view.button('Copy token').click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^E/);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toHaveLength(token.length);
    expect([...copied].filter((character, at) => character !== token[at])).toHaveLength(1);
    await page.context().close();
  });
}
