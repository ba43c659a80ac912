/** Every built page as it is in its file: its policy, its links, and that it can be read without scripts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import adapters from '../../packages/sessions/adapters.json' with { type: 'json' };
import { at, read } from '../support/repository.ts';
import { findBroken, readBuilt, readPages } from './support/built-pages.ts';
import type { Site } from './support/site.ts';

export function builtPageTests(site: Site): void {
  it('have their text and one heading of the first level without scripts', () => {
    for (const [path, html] of readPages(site)) {
      expect(html.match(/<h1\b/g), path).toHaveLength(1);
      const [, main = ''] = /<main\b[^>]*>([\s\S]*)<\/main>/.exec(html) ?? [];
      const text = main.replace(/<(script|style|template)\b[\s\S]*?<\/\1>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
      expect(text.length, path).toBeGreaterThan(20);
    }
  });

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

  it('allow no request by script, no style attribute, no eval, and no inline code that is not named by its hash', () => {
    for (const [path, html] of readPages(site)) {
      const policy = policyOf(html);
      expect(policy, path).toContain("default-src 'none'; script-src 'self' 'sha256-");
      expect(policy, path).toContain("style-src-attr 'none'");
      expect(policy, path).toContain("connect-src 'none'");
      expect(policy, path).toContain("require-trusted-types-for 'script'; trusted-types ");
      expect(policy, path).not.toMatch(/unsafe-|https?:|\*/);
      expect(html, path).not.toMatch(/<[a-z][^>]*\s(?:on[a-z]+|style)=/);
    }
  });

  it('allow a worker on the playground alone, and no data: pictures there', () => {
    for (const [path, html] of readPages(site)) {
      const isPlayground = path === '/playground/';
      expect(policyOf(html), path).toContain(isPlayground ? "worker-src 'self'" : "worker-src 'none'");
      expect(policyOf(html).includes('data:'), path).toBe(!isPlayground);
    }
  });

  it('“Use it with” show the examples as they stand', () => {
    for (const { name } of adapters) {
      const page = readBuilt(site, `use-with/${name}.md`);
      const files = readdirSync(at(`examples/${name}`), { recursive: true, encoding: 'utf8' });
      const [file = ''] = files.filter((path) => /(^|\/)sessions\.ts$/.test(path) && !path.includes('node_modules'));
      expect(page, name).toContain(read(`examples/${name}/${file}`).trim());
      expect(page, name).not.toContain('export default "');
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

  it('link only to pages, files and headings that exist', () => {
    const broken = [...readPages(site)].flatMap(([path, html]) => {
      const links = [...html.matchAll(/<(?:a|link)\b[^>]*\shref="([^"]*)"/g)].map(([, href = '']) => href);
      return findBroken(site, path, links).map((link) => `${path} -> ${link}`);
    });
    expect(broken).toEqual([]);
  });
}

function policyOf(html: string): string {
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  return policy;
}
