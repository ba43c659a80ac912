/** What a build makes beside the pages: for readers that are programs, for search engines, for previews, for home screens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { read } from '../../support/repository.ts';
import { ADDRESS, findBroken, isThere, readBuilt, readPages } from '../support/built-pages.ts';
import type { Site } from '../support/site.ts';

const OWN = ['/', '/playground/', '/404.html']; // pages that are no docs

export function builtFileTests(site: Site): void {
  /** And the landing page. */
  const docs = () => [...readPages(site).keys()].filter((path) => path === '/' || !OWN.includes(path));
  const markdownOf = (path: string) => (path === '/' ? '/index.md' : path.replace(/\/$/, '.md'));

  it('every page of the docs is there as Markdown, and says so', () => {
    const pages = readPages(site);
    for (const path of docs()) {
      const markdown = readBuilt(site, markdownOf(path));
      expect(pages.get(path), path).toContain(`<link rel="alternate" type="text/markdown" href="${markdownOf(path)}"`);
      expect(markdown, path).toMatch(/^# \S/);
      expect(markdown, path).toContain(`Source: ${ADDRESS}${path}\n`);
      expect(withoutCode(markdown), path).not.toMatch(/^import |(?<!\\)<[A-Z]/m);
    }
  });

  it('what components show is in the Markdown, and what only moves is not', () => {
    const comparison = readBuilt(site, 'comparison.md');
    expect(comparison).toMatch(/^\| Sealring, sealed encrypted \| \d+ \|$/m);
    expect(comparison).toMatch(/^\| \[Two requests at once[^|]*\| yes \| no \|/m);
    const races = readBuilt(site, 'explanation/why-races-lose-data.md');
    expect(races).toContain('✗ 1 of 2 updates lost');
    expect(races).toContain('What is drawn or can be tried on this page is only there');
    expect(races).not.toMatch(/^Play$|Step/m);
  });

  it('pages made from comments name the errors, and say in a sentence what they are about', () => {
    const page = readBuilt(site, 'api/sessions/functions/cookiestore.md');
    expect(page).toContain('> A store that keeps everything in the cookie');
    expect(page).toContain('## Throws\n\n`TypeError` or `RangeError` naming the option');
  });

  it('code in Markdown is as it was written', () => {
    const format = read('packages/codec/FORMAT.md');
    const [block = ''] = /^```[\s\S]*?^```$/m.exec(format) ?? [];
    expect(readBuilt(site, 'reference/wire-format.md')).toContain(block);
  });

  it('every link in the Markdown and in llms.txt leads somewhere', () => {
    const texts = [...docs().map(markdownOf), '/llms.txt', '/llms-full.txt'];
    const broken = texts.flatMap((path) => {
      const text = withoutCode(readBuilt(site, path));
      const links = [...text.matchAll(/\]\(([^)\s]+)/g)].map(([, link = '']) => link);
      return findBroken(site, path, links).map((link) => `${path} -> ${link}`);
    });
    expect(broken).toEqual([]);
  });

  it('llms.txt names every page of the docs once, and llms-full.txt holds it', () => {
    const list = readBuilt(site, 'llms.txt');
    const full = readBuilt(site, 'llms-full.txt');
    const named = [...list.matchAll(/\]\((\S+\.md)\)/g)].map(([, link = '']) => new URL(link).pathname);
    expect(named.sort()).toEqual(docs().map(markdownOf).sort());
    for (const path of docs()) expect(full).toContain(`Source: ${ADDRESS}${path}\n`);
  });

  it('the sitemap names every page but the one for errors, and robots.txt the sitemap', () => {
    expect(readBuilt(site, 'robots.txt')).toContain(`Sitemap: ${ADDRESS}/sitemap-index.xml`);
    expect(readBuilt(site, 'sitemap-index.xml')).toContain(`<loc>${ADDRESS}/sitemap-0.xml</loc>`);
    const named = [...readBuilt(site, 'sitemap-0.xml').matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, link = '']) => link);
    const pages = [...readPages(site).keys()].filter((path) => path !== '/404.html');
    expect(named.sort()).toEqual(pages.map((path) => ADDRESS + path).sort());
  });

  it('every page has a title, a description, its own address and a card of 1200 by 630 pixels', () => {
    for (const [path, html] of readPages(site)) {
      expect(html, path).toMatch(/<title>[^<]+<\/title>/);
      expect(html, path).toMatch(/<meta name="description" content="[^"]+"/);
      expect(html, path).toContain('<meta name="twitter:card" content="summary_large_image"');
      if (path !== '/404.html') expect(html, path).toContain(`<link rel="canonical" href="${ADDRESS}${path}"`);
      const [, card = ''] = /<meta property="og:image" content="([^"]*)"/.exec(html) ?? [];
      expect(sizeOf(readFileSync(join(site.folder, new URL(card).pathname))), path).toEqual([1200, 630]);
    }
  });

  it('the icons are there in the sizes that are named', () => {
    expect(sizeOf(readFileSync(join(site.folder, 'apple-touch-icon.png')))).toEqual([180, 180]);
    const manifest: { icons: { src: string; sizes: string }[] } = JSON.parse(readBuilt(site, 'site.webmanifest'));
    for (const { src, sizes } of manifest.icons) {
      expect(isThere(site, src), src).toBe(true);
      if (src.endsWith('.png')) expect(sizeOf(readFileSync(join(site.folder, src))).join('x')).toBe(sizes);
    }
    const ico = readFileSync(join(site.folder, 'favicon.ico'));
    expect(ico.readUInt16LE(2)).toBe(1);
    expect(sizeOf(ico.subarray(ico.readUInt32LE(18)))).toEqual([32, 32]);
  });

  it('_headers forbids frames, which a policy in a page cannot', () => {
    expect(readBuilt(site, '_headers')).toMatch(/^\/\*\n {2}Content-Security-Policy: frame-ancestors 'none'$/m);
  });
}

const withoutCode = (markdown: string) => markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** Width and height of a PNG file: the first two numbers of its first chunk. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
