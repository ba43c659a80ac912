/**
 * Built pages go in; the same pages with a class and one stylesheet in place of every style attribute come out. Highlighted code and
 * charts are made with such attributes, which a strict policy would have to allow one by one.
 */
import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { elementsOf, readPages, unescapeHtml } from './html.ts';

const PREFIX = 'style-';
// How the styles of highlighted code find what has a colour: by the attribute. They are told to look for the class.
const BY_ATTRIBUTE = /\[style\^=(?:'--'|"--"|--)\]:not\(\[class\]\)/g;

export const styleAttributes = (): AstroIntegration => ({
  name: 'style-attributes',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const rules = new Map<string, string>(); // declarations -> class
      const pages = (await readPages(folder)).map((page) => ({ ...page, changed: toClasses(page.html, rules) }));
      // Three times the class, and outside any layer: as strong as rules come without !important, as the attribute was.
      const css = [...rules].map(([text, name]) => `.${name}.${name}.${name}{${text}}`).join('\n');
      const file = `_astro/attributes.${digest(css)}.css`;
      await writeFile(join(folder, file), css);
      for await (const name of glob('_astro/*.css', { cwd: folder })) {
        const text = await readFile(join(folder, name), 'utf8');
        const told = text.replaceAll(BY_ATTRIBUTE, `[class^="${PREFIX}"]`);
        if (told !== text) await writeFile(join(folder, name), told);
      }
      const link = `<link rel="stylesheet" href="/${file}">`;
      const changed = pages.filter(({ html, changed }) => changed !== html);
      await Promise.all(
        changed.map((page) =>
          writeFile(
            page.file,
            page.changed.replace('</head>', () => `${link}</head>`),
          ),
        ),
      );
      logger.info(`${rules.size} style attributes of ${changed.length} pages moved into ${file}`);
    },
  },
});

function toClasses(html: string, rules: Map<string, string>): string {
  let changed = '';
  let from = 0;
  for (const { attributes, loc } of elementsOf(html)) {
    const declarations = attributes['style'];
    if (declarations === undefined) continue;
    const text = unescapeHtml(declarations).trim().replace(/;$/, '');
    const name = rules.get(text) ?? `${PREFIX}${rules.size.toString(36)}`;
    rules.set(text, name);
    const [{ start, end }] = loc;
    changed += html.slice(from, start) + withClass(html.slice(start, end), name);
    from = end;
  }
  return changed + html.slice(from);
}

/** The attributes of a tag, quoted or not: a `>` or ` style=` within another attribute's value is passed over. */
const ATTRIBUTE = /\s+([^\s=>"'/]+)(?:=("[^"]*"|'[^']*'|[^\s>"']+))?/g;

function withClass(tag: string, name: string): string {
  const classes = [...tag.matchAll(ATTRIBUTE)].find(([, attribute]) => attribute === 'class')?.[2];
  const all = [classes?.replace(/^["']|["']$/g, ''), name].filter(Boolean).join(' ');
  let isPlaced = false;
  return tag.replace(ATTRIBUTE, (written, attribute) => {
    if (attribute !== 'class' && attribute !== 'style') return written;
    if (isPlaced) return '';
    isPlaced = true;
    return ` class="${all}"`;
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
