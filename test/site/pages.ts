/** Every built page: its policy, its links, and that a browser has nothing to complain about. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sidewaysScroll } from './support/chromium.ts';
import type { Site } from './support/site.ts';

export function builtPageTests(site: Site): void {
  it('are all there', () => {
    const expected = ['/', '/playground/', '/tutorials/codec/', '/reference/wire-format/', '/404.html'];
    expect([...readPages(site).keys()]).toEqual(
      expect.arrayContaining([...expected, '/api/codec/functions/createsealer/']),
    );
  });

  it('have a policy before everything it is about, and a charset within the bytes in which browsers look for it', () => {
    for (const [path, html] of readPages(site)) {
      const policy = html.indexOf('<meta http-equiv="Content-Security-Policy"');
      expect(html.indexOf('<meta charset="utf-8"'), path).toBeLessThan(policy);
      expect(policy, path).toBeLessThan(1024);
      expect(html.slice(0, policy), path).not.toMatch(/<(script|style|link|img)/);
    }
  });

  it('allow no request by script, no eval, no WebAssembly, and no inline code that is not named by its hash', () => {
    for (const [path, html] of readPages(site)) {
      const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
      expect(policy, path).toContain("default-src 'none'; script-src 'self' 'sha256-");
      expect(policy, path).toContain("connect-src 'none'");
      expect(policy, path).toContain("require-trusted-types-for 'script'");
      expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/);
      expect(html, path).not.toMatch(/<[a-z][^>]*\son[a-z]+=/);
    }
  });

  it('load scripts that need no eval', () => {
    const folder = join(site.folder, '_astro');
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(0);
    for (const file of scripts) {
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/\bnew Function\b|\beval\(|\bWebAssembly\b/);
    }
  });

  it('link only to pages and headings that exist', () => {
    const pages = readPages(site);
    const broken: string[] = [];
    for (const [path, html] of pages) {
      for (const [, href = ''] of html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)) {
        const { pathname, hash, origin } = new URL(href, `http://site${path}`);
        if (origin !== 'http://site') continue;
        const target = pages.get(pathname);
        const id = decodeURIComponent(hash.slice(1));
        if (target === undefined || (id !== '' && !target.includes(`id="${id}"`))) broken.push(`${path} -> ${href}`);
      }
    }
    expect(broken).toEqual([]);
  });
}

export function browsedPageTests(site: Site): void {
  it.each(['light', 'dark'] as const)(
    'has no complaint, asks nobody else, and fits 360 pixels: %s',
    async (colorScheme) => {
      const { page, complaints, requests } = await site.open('/', {
        colorScheme,
        viewport: { width: 360, height: 640 },
      });
      for (const path of readPages(site).keys()) {
        await page.goto(site.origin + path);
        expect(await sidewaysScroll(page), path).toBe(0);
      }
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${site.origin}/`) && !url.startsWith('data:'))).toEqual([]);
      await page.context().close();
    },
  );

  it('keeps the theme that was chosen', async () => {
    const { page } = await site.open('/playground/', { colorScheme: 'light' });
    await page.getByLabel('Select theme').first().selectOption('dark');
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.context().close();
  });
}

/** Path -> HTML. */
function readPages({ folder }: Site): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  return new Map(
    files.map((file) => [`/${file.replace(/index\.html$/, '')}`, readFileSync(join(folder, file), 'utf8')]),
  );
}
