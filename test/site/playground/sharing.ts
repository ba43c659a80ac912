/** What the Open view gives to others: links and tickets that show what it shows, and never a key, wherever that was typed. */
import { createSealer, generateKey } from '@sealring/codec';
import { expect, it } from 'vitest';
import { splitOver } from '../../inspect/support.ts';
import { untilReady } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';
import { type OpenView, openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const ISSUED = 1_750_000_000;

export function sharingTests(site: Site): void {
  it.each([
    ['the cookie', (key: string) => ({ cookie: key })],
    ['the cookie, in a line of .env', (key: string) => ({ cookie: `SESSION_KEY=${key}` })],
    ['the cookie, without its last characters', (key: string) => ({ cookie: key.slice(0, -6) })],
    ['the name', (key: string) => ({ cookie: 'demo=1', name: key })],
    ['the purpose', (key: string) => ({ cookie: 'demo=1', purpose: key })],
    ['the context', (key: string) => ({ cookie: 'demo=1', context: key })],
  ])('a key that stands in no key field, but in %s, gets into no link and no ticket', async (_where, typed) => {
    const { page, view } = await openPlayground(site);
    const key = generateKey();
    await view.fill(typed(key));
    await view.unfold('Share link');
    await view.unfold('Summary for a bug ticket');
    await view.root.getByLabel('with the token').check();
    expect(await linkOf(view)).toBe('');
    expect(await view.root.locator('[data-share-warning]').textContent()).toContain('holds a key');
    expect(await view.button('Copy link').isDisabled()).toBe(true);
    const panels = await view.root.locator('[data-share], [data-ticket]').allTextContents();
    expect(panels.join()).not.toContain(key.slice(9, 40));
    expect(panels.join()).toContain('holds a key');
    await page.context().close();
  });

  it('a demo key in the wrong field is no secret', async () => {
    const { page, view } = await openPlayground(site);
    await view.fill({ cookie: KEY });
    await view.unfold('Share link');
    expect(await linkOf(view)).toContain(KEY);
    await page.context().close();
  });

  it('a cookie that was split over several opens from its link', async () => {
    const { page, view } = await openPlayground(site);
    const sealer = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true });
    const token = sealer.seal({ text: 'x'.repeat(5000) }, { context: 'chunks:2' });
    await view.fill({ cookie: splitOver('demo', token, 2) });
    await view.button('Demo key 1').click();
    expect(await view.verdict.textContent()).toBe('It opens.');
    await view.unfold('Share link');
    await view.unfold('Summary for a bug ticket');
    expect(await view.root.locator('[data-ticket-text]').textContent()).toContain('split over 2 cookies');
    const other = await openPlayground(site, new URL(await linkOf(view)).hash);
    expect(await other.view.verdict.textContent()).toBe('It opens.');
    expect(await other.view.name.inputValue()).toBe('demo');
    await other.page.context().close();
    await page.context().close();
  });

  it('purpose and context are in the link', async () => {
    const { page, view } = await openPlayground(site);
    const sealer = createSealer({ keys: [KEY], purpose: 'magic-link' });
    const token = sealer.seal(7, { context: 'team 7 & co', now: ISSUED });
    await view.fill({ cookie: token, purpose: 'magic-link', context: 'team 7 & co' });
    await view.button('Demo key 1').click();
    await view.unfold('Share link');
    const other = await openPlayground(site, new URL(await linkOf(view)).hash);
    expect(await other.view.verdict.textContent()).toBe('It opens.');
    expect(await other.view.json()).toBe('7');
    await other.page.context().close();
    await page.context().close();
  });

  it('everything that is forgotten is gone from the address too', async () => {
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(1, {
      now: ISSUED,
    });
    const { page, view, requests } = await openPlayground(site, `#token=${token}&name=demo`);
    expect(await view.token.textContent()).toBe(token);
    requests.length = 0;
    await page.locator('.proof > summary').click();
    await page.getByRole('button', { name: 'Forget everything' }).click();
    expect(page.url()).toBe(`${site.origin}/playground/`);
    expect(requests).toEqual([]);
    await page.reload();
    await untilReady(page);
    expect(await view.pasted.inputValue()).toBe('');
    await page.context().close();
  });
}

const linkOf = (view: OpenView) => view.root.getByLabel('Link', { exact: true }).inputValue();
