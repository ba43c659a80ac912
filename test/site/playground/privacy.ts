/** What the page keeps, sends and gives away: nothing, and that of a key least of all. */
import { createSealer, generateKey } from '@sealring/codec';
import { expect, it } from 'vitest';
import { untilReady } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';
import { everywhere, formsOf, keepPages } from './kept.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

export function privacyTests(site: Site): void {
  it('nothing is asked for after load: pasting, keys, opening, tampering, sharing', async () => {
    const { page, view, complaints, requests } = await openPlayground(site);
    requests.length = 0;
    await view.example('A session that opens');
    await view.button('New key').click();
    await view.unfold('Tamper with it');
    await view.root.locator('[data-flip-segments] [data-part="tag"]').click();
    await view.button('Undo all').click();
    await view.unfold('Share link');
    await view.unfold('Summary for a bug ticket');
    for (const name of ['Tree', 'JSON', 'CBOR', 'Types', 'Annotated'])
      await view.root.getByRole('tab', { name }).click();
    await page.getByRole('combobox', { name: 'Theme' }).first().selectOption('dark');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.locator('[data-requests]').textContent()).toBe('0 requests since load');
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('the counter of requests counts what a browser is made to ask for', async () => {
    const { page } = await openPlayground(site);
    await page.evaluate(() => {
      const image = new Image();
      image.src = '/favicon.svg?again';
    });
    await page.locator('[data-requests]', { hasText: '1 request since load' }).waitFor();
    expect(await page.locator('[data-resources]').textContent()).toContain('favicon.svg?again');
    await page.context().close();
  });

  it('shows the policy as it is in the document', async () => {
    const { page } = await openPlayground(site);
    const shown = (await page.locator('[data-policy]').textContent()) ?? '';
    const real = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(shown.replaceAll('\n', ' ')).toBe(real);
    expect(shown).toContain("connect-src 'none'");
    await page.context().close();
  });

  it('a typed key is nowhere but in its field', async () => {
    const { page, view, requests } = await openPlayground(site);
    await keepPages(page);
    const key = generateKey();
    const token = createSealer({ keys: [key], purpose: 'sealring:cookie:demo', reserved: true }).seal({ user: 1 });
    await view.fill({ cookie: `demo=${token}`, key });
    expect(await view.verdict.textContent()).toBe('It opens.');
    await view.unfold('Share link');
    await view.unfold('Summary for a bug ticket');
    const link = await view.root.getByLabel('Link', { exact: true }).inputValue();
    const ticket = (await view.root.locator('[data-ticket-text]').textContent()) ?? '';
    const places = [await everywhere(page), link, decodeURIComponent(link), ticket, ...requests].join('\n');
    for (const form of formsOf(key)) expect(places).not.toContain(form);
    expect(link).toContain(`token=${token}`);
    expect(ticket).not.toContain(token);
    await page.context().close();
  });

  it('nor is one that is typed to seal with, not even in the code that it is for', async () => {
    const { page, requests, complaints } = await openPlayground(site, '#view=seal');
    await keepPages(page);
    const key = generateKey();
    const root = page.locator('#view-seal');
    await root.locator('[data-key]').first().pressSequentially(key);
    const token = (await root.locator('[data-token]').textContent()) ?? '';
    expect(
      createSealer({ keys: [key], purpose: 'sealring:cookie:__Host-session', reserved: true }).safeOpen(token),
    ).toMatchObject({ ok: true });
    await root.getByText('Code that reads this cookie').click();
    await root.locator('[data-code]').filter({ hasText: 'SESSION_KEY' }).waitFor();
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    const places = [await everywhere(page), html, ...requests].join('\n');
    for (const form of formsOf(key)) expect(places).not.toContain(form);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('refuses to make a link of a key that was pasted into the wrong field', async () => {
    const { page, view } = await openPlayground(site);
    const key = generateKey();
    await view.fill({ cookie: key, key });
    await view.unfold('Share link');
    expect(await view.root.getByLabel('Link', { exact: true }).inputValue()).toBe('');
    expect(await view.root.locator('[data-share-warning]').textContent()).toContain('holds a key');
    expect(await view.button('Copy link').isDisabled()).toBe(true);
    await page.context().close();
  });

  it('a link brings cookie, name, clock and max age to another browser, and no key', async () => {
    const { page, view } = await openPlayground(site);
    const key = generateKey();
    const token = createSealer({ keys: [key], purpose: 'sealring:cookie:demo', reserved: true }).seal(1, {
      now: 1_750_000_000,
    });
    const cookie = `theme=dark; demo=${token}`;
    await view.fill({ cookie, key, maxAge: '900', clock: '2025-06-15T15:10:00' });
    await view.unfold('Share link');
    const link = new URL(await view.root.getByLabel('Link', { exact: true }).inputValue());
    expect(await view.root.locator('[data-share-omits]').textContent()).toContain('the key that you typed');
    await page.context().close();

    const other = await openPlayground(site, link.hash);
    expect(await other.view.pasted.inputValue()).toBe(token);
    expect(await other.view.name.inputValue()).toBe('demo');
    expect(await other.view.key.inputValue()).toBe('');
    expect(await other.view.root.locator('[data-max-age]').inputValue()).toBe('900');
    expect(await other.view.root.locator('[data-clock]').inputValue()).toMatch(/^2025-06-15T15:10/);
    expect(await other.view.verdict.getAttribute('data-state')).toBe('waiting');
    await other.view.fill({ key });
    expect(await other.view.verdict.textContent()).toBe('It opens.');
    await other.page.context().close();
  });

  it('a link with a demo key opens at once, and names the key by its id alone', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('A session that opens');
    await view.unfold('Share link');
    const link = await view.root.getByLabel('Link', { exact: true }).inputValue();
    expect(link).toContain('key=demo-1');
    expect(link).not.toContain(KEY.slice(9));
    const other = await openPlayground(site, new URL(link).hash);
    expect(await other.view.verdict.textContent()).toBe('It opens.');
    await page.context().close();
    await other.page.context().close();
  });

  it('follows a link on the page itself', async () => {
    const { page, view } = await openPlayground(site);
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal('here');
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#view=open&token=${token}&name=demo&key=demo-1`);
    expect(await view.json()).toBe('"here"');
    await page.context().close();
  });

  it('says in the share panel that a signed token can be read by everybody', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('Signed');
    await view.unfold('Share link');
    expect(await view.root.locator('[data-share-warning]').textContent()).toContain('can read all that is in it');
    await page.context().close();
  });

  it('the summary for a ticket has token and values only where they are asked for', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('Expired');
    await view.unfold('Summary for a bug ticket');
    const text = () => view.root.locator('[data-ticket-text]').textContent();
    const token = (await view.token.textContent()) ?? '';
    expect(await text()).toContain('| Not expired | failed | `ERR_SEAL_EXPIRED` |');
    expect(await text()).not.toContain('Zoë');
    expect(await text()).not.toContain(token);
    await view.root.getByLabel('with the token').check();
    await view.root.getByLabel('with the payload').check();
    expect(await text()).toContain('Zoë');
    expect(await text()).toContain(token);
    await page.context().close();
  });

  it('neither reload nor Back bring a key back', async () => {
    const { page, view } = await openPlayground(site);
    await view.fill({ key: KEY, cookie: 'demo=x' });
    await page.reload();
    expect(await view.key.inputValue()).toBe('');
    await view.fill({ key: KEY, cookie: 'demo=x' });
    await page.goto(`${site.origin}/`);
    await page.goBack();
    await untilReady(page);
    expect(await view.key.inputValue()).toBe('');
    expect(await view.pasted.inputValue()).toBe('');
    await page.context().close();
  });

  it('forgets all on the spot', async () => {
    const { page, view } = await openPlayground(site);
    await view.example('A session that opens');
    await page.locator('.proof > summary').click();
    await page.getByRole('button', { name: 'Forget everything' }).click();
    expect(await view.key.inputValue()).toBe('');
    expect(await view.pasted.inputValue()).toBe('');
    expect(await view.root.textContent()).not.toContain('Zoë');
    expect(await view.verdict.textContent()).toBe('Paste a cookie to see what is in it.');
    await page.context().close();
  });
}
