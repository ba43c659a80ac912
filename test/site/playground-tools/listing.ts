/** The Header view: a table of what was pasted, and the way into the Open view. */
import { createSealer } from '@sealring/codec';
import { expect, it } from 'vitest';
import { sidewaysScroll } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';
import { KEY, openTool, smallTargets, type Tool } from './tools-page.ts';

const token = (name: string) =>
  createSealer({ keys: [KEY], purpose: `sealring:cookie:${name}`, reserved: true }).seal({ name });
const field = ({ root }: Tool) => root.getByLabel('Cookies of a request or response');
const rows = ({ root }: Tool) => root.locator('[data-header-rows] > tr');

export function listingTests(site: Site): void {
  it('lists the example with what is wrong with each, and opens the good one', async () => {
    const tool = await openTool(site, 'Header');
    await tool.button('Show an example').click();
    expect(await rows(tool).locator('th code').allTextContents()).toEqual([
      '__Host-login',
      'cart',
      '__Host-theme',
      'draft',
      'theme',
    ]);
    const warned = await tool.root.locator('[data-header-rows] > tr[data-warned] th code').allTextContents();
    expect(warned).toEqual(['cart', '__Host-theme', 'draft']);
    expect(await rows(tool).nth(1).textContent()).toContain('SameSite=None without Secure: browsers refuse it.');
    expect(await tool.root.locator('[data-header-title]').textContent()).toBe('5 cookies');
    await tool.button('Open __Host-login').click();
    const open = tool.page.locator('#view-open');
    expect(await open.getByLabel('Cookie name').inputValue()).toBe('__Host-login');
    await open.getByRole('button', { name: 'Demo key 1' }).click();
    expect(await open.locator('[data-verdict]').textContent()).toBe('It opens.');
    await tool.page.getByRole('tab', { name: 'Header' }).click();
    expect(await rows(tool).first().textContent()).toContain('✓ It opens.');
    expect(tool.complaints).toEqual([]);
    expect(tool.requests).toEqual([]);
    await tool.close();
  });

  it('reads a Cookie header, document.cookie, Set-Cookie lines, a curl command, quoted values and a network log', async () => {
    const tool = await openTool(site, 'Header');
    const texts = [
      `Cookie: a=1; b=${token('b')}`,
      `a=1; b=${token('b')}`,
      `Set-Cookie: a=1; Path=/\nSet-Cookie: b=${token('b')}; Secure`,
      `curl https://example.org -H 'Cookie: a=1; b=${token('b')}'`,
      `Cookie: a="1"; b="${token('b')}"`,
      JSON.stringify({ headers: [{ name: 'Cookie', value: `a=1; b=${token('b')}` }] }),
    ];
    for (const text of texts) {
      await field(tool).fill(text);
      expect(await rows(tool).locator('th code').allTextContents(), text).toEqual(['a', 'b']);
      expect(await rows(tool).nth(1).locator('.kind').textContent()).toBe('sealed');
    }
    await tool.close();
  });

  it('opens by keyboard, and says what it found', async () => {
    const tool = await openTool(site, 'Header');
    await field(tool).focus();
    await tool.page.keyboard.insertText(`Cookie: a=1; b=${token('b')}`);
    await tool.root.getByRole('status').filter({ hasText: '2 cookies, 0 with a warning.' }).waitFor();
    await tool.page.keyboard.press('Tab'); // the example
    await tool.page.keyboard.press('Tab');
    await tool.page.keyboard.press('Enter');
    expect(await tool.page.locator('#view-open').getByLabel('Cookie', { exact: true }).inputValue()).toContain('b=E');
    await tool.close();
  });

  it('opens a cookie for its own name, whatever purpose and context were typed before', async () => {
    const tool = await openTool(site, 'Header');
    await tool.page.evaluate(() => {
      location.hash = '#view=open&token=x&name=basket&purpose=magic-link&context=user%3A42&key=demo-1';
    });
    await tool.page.locator('#view-open').waitFor(); // the page hears of its new address a little later
    await tool.page.getByRole('tab', { name: 'Header' }).click();
    await field(tool).fill(`Cookie: a=1; b=${token('b')}`);
    await tool.button('Open b').click();
    const open = tool.page.locator('#view-open');
    expect(await open.locator('[data-verdict]').textContent()).toBe('It opens.');
    expect(await open.getByLabel('Cookie name').inputValue()).toBe('b');
    await tool.close();
  });

  it('says so where a table becomes empty', async () => {
    const tool = await openTool(site, 'Header');
    const said = (text: string) => tool.root.getByRole('status').filter({ hasText: text }).waitFor();
    await field(tool).fill('Cookie: a=1; b=2');
    await said('2 cookies, 0 with a warning.');
    await field(tool).fill('nothing of the kind');
    await said('There is no cookie in this text.');
    await field(tool).fill('');
    await said('Paste cookies to see each of them.');
    await tool.close();
  });

  it('warns where the header is more than Node takes', async () => {
    const tool = await openTool(site, 'Header');
    const header = (length: number) =>
      `Cookie: ${['a', 'b', 'c', 'd'].map((name) => `${name}=${'x'.repeat(4000)}`).join('; ')}; e=${'x'.repeat(length)}`;
    await field(tool).fill(header(16_384 - header(0).length));
    expect(await tool.root.locator('[data-header-size]').textContent()).toContain('As a Cookie header: 16,384 bytes.');
    expect(await tool.root.locator('[data-header-warning]').isVisible()).toBe(false);
    await field(tool).fill(header(16_385 - header(0).length));
    expect(await tool.root.locator('[data-header-warning]').textContent()).toContain('431');
    await tool.close();
  });

  it('shows markup as text, says where there is no cookie, and keeps nothing when one leaves', async () => {
    const tool = await openTool(site, 'Header');
    await field(tool).fill('Cookie: a=<img src=x onerror=complain(1)>; b=<script>complain(2)</script>');
    expect(await tool.root.locator('img, script').count()).toBe(0);
    await field(tool).fill('nothing of the kind');
    expect(await tool.root.locator('[data-header-empty]').textContent()).toBe('There is no cookie in this text.');
    await tool.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    expect(await field(tool).inputValue()).toBe('');
    expect(tool.complaints).toEqual([]);
    await tool.close();
  });

  it('takes a megabyte without a hang', async () => {
    const tool = await openTool(site, 'Header');
    await field(tool).evaluate(
      (area, text) => {
        if (area instanceof HTMLTextAreaElement) area.value = text;
        area.dispatchEvent(new Event('input'));
      },
      `Cookie: ${'a=b; '.repeat(200_000)}`,
    );
    expect(await tool.root.locator('[data-header-left]').textContent()).toBe('And 199,800 more, which are not shown.');
    await tool.close();
  });

  it('makes cards of its rows at 360 pixels', async () => {
    const tool = await openTool(site, 'Header', { viewport: { width: 360, height: 640 } });
    await tool.button('Show an example').click();
    expect(await sidewaysScroll(tool.page)).toBe(0);
    expect(await smallTargets(tool.page)).toEqual([]);
    const cells = rows(tool).first().locator('td');
    const tops = await cells.evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(tops.length); // one below the other
    await tool.close();
  });
}
