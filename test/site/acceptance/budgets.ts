/** What the built site may weigh, and what must not be in it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPages } from '../support/built-pages.ts';
import { measureScripts } from '../support/script-sizes.ts';
import type { Site } from '../support/site.ts';

const MOST_OPENING = 63_000; // bytes, compressed; wire, tenants and the age of a session took it over 60,000
const MOST_SCRIPT = 82_000;
const MOST_HTML = 200_000;
/** Why a page may have more. */
const LONGER: Readonly<Record<string, string>> = {};

export function budgetTests(site: Site): void {
  const filesOf = (ending: string) =>
    readdirSync(site.folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));

  it('no page has more than 200 kB of HTML', () => {
    const long = [...readPages(site).keys()].filter((path) => {
      const file = join(site.folder, path, path.endsWith('/') ? 'index.html' : '');
      return statSync(file).size > MOST_HTML && !(path in LONGER);
    });
    expect(long).toEqual([]);
  });

  it('every picture says its size, so that nothing jumps', () => {
    const unsized = [...readPages(site)].flatMap(([path, html]) =>
      [...html.matchAll(/<(?:img|video|iframe)\b[^>]*>/g)]
        .filter(([tag]) => !(/\swidth=/.test(tag) && /\sheight=/.test(tag)))
        .map(([tag]) => `${path} ${tag}`),
    );
    expect(unsized).toEqual([]);
  });

  it('no script has WebAssembly or makes code of text', () => {
    expect(filesOf('.wasm')).toEqual([]);
    const scripts = filesOf('.js').filter((file) => file !== 'search-index.js'); // what the pages say, as one text
    const inline = filesOf('.html').map((file): [string, string] => {
      const html = readFileSync(join(site.folder, file), 'utf8');
      return [file, [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, body]) => body).join('\n')];
    });
    const files = scripts.map((file): [string, string] => [file, readFileSync(join(site.folder, file), 'utf8')]);
    const found = [...files, ...inline].filter(([, text]) =>
      /\bWebAssembly\b|\beval\s*\(|\bnew Function\b|\bFunction\(/.test(text),
    );
    expect(found.map(([file]) => file)).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
  });

  it('opening a cookie in the playground takes at most 63 kB of script, compressed, and all of the page at most 82', () => {
    const { opening, all } = measureScripts(site.folder);
    expect(opening).toBeLessThanOrEqual(MOST_OPENING);
    expect(all).toBeLessThanOrEqual(MOST_SCRIPT);
  });
}
