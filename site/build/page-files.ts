/** A page's path goes in; the files of this site that it loads come out, those that its scripts import included. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { elementsOf } from './html.ts';

export interface PageFiles {
  scripts: string[];
  styles: string[];
  /** Icons and the manifest. */
  links: string[];
}

/** What the HTML itself names. */
export function filesOf(html: string): PageFiles {
  const files: PageFiles = { scripts: [], styles: [], links: [] };
  for (const { name, attributes } of elementsOf(html)) {
    const { src, href, rel = '' } = attributes;
    if (name === 'script' && src !== undefined) files.scripts.push(src);
    if (name !== 'link' || href === undefined) continue;
    if (rel === 'stylesheet') files.styles.push(href);
    else if (/\b(icon|manifest|apple-touch-icon)\b/.test(rel)) files.links.push(href);
  }
  return files;
}

/** Everything that loading the page takes, as paths of the site, the page itself first. */
export async function listPageFiles(folder: string, path: string): Promise<string[]> {
  const html = await readFile(join(folder, path, 'index.html'), 'utf8');
  const { scripts, styles, links } = filesOf(html);
  const found = new Set([path, ...styles, ...links]);
  const waiting = scripts;
  for (let script = waiting.pop(); script !== undefined; script = waiting.pop()) {
    if (found.has(script)) continue;
    found.add(script);
    const text = await readFile(join(folder, script), 'utf8');
    // As the bundler writes them: `import{a}from"./b.js"`, `import"./b.js"` and `import("./b.js")`.
    for (const [, target = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)) {
      waiting.push(new URL(target, `http://site${script}`).pathname);
    }
  }
  return [...found].sort();
}
