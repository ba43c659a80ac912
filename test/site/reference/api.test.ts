/** The pages of the API: everything that the packages export has a place on one, under its name, which says what it is. */
import { beforeAll, describe, expect, it } from 'vitest';
import { findBroken, readBuilt, readPages } from '../support/built-pages.ts';
import { builtSite } from '../support/built-site.ts';
import { Site } from '../support/site.ts';
import { readEntries } from './entries.ts';

const entries = readEntries();
const exported = entries.flatMap(({ exports, ...entry }) => exports.map((one) => ({ ...one, entry })));
const functions = exported.filter(({ kind }) => kind === 'function');

const site = new Site();
let pages: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  site.folder = await builtSite();
  pages = readPages(site);
}, 600_000);

describe('the pages of the API', () => {
  it('are named as the packages are imported, and described', () => {
    const titles = entries.map(({ path }) => titleOf(htmlOf(path)));
    expect(titles).toEqual(entries.map(({ name }) => name));
    for (const { path } of entries) expect(descriptionOf(htmlOf(path)), path).not.toBe('');
  });

  it.each(exported)('have a place for $name of $entry.name, which says what it is', ({ name, entry }) => {
    const { path, anchor, html } = placeOf(entry.path, name);
    expect(findBroken(site, '/', [`${path}#${anchor}`])).toEqual([]);
    if (anchor === '') {
      expect(titleOf(html)).toBe(name);
      expect(descriptionOf(html)).not.toBe('');
    } else {
      expect(nameOf(html, anchor)).toBe(name);
      expect(proseOf(html)).not.toBe('');
    }
  });

  it('link to what they name, also where the names of a function and a type differ by their case alone', () => {
    const names = new Set(exported.map(({ name }) => name));
    const astray = [...pages].flatMap(([from, html]) => {
      // Members of an interface have a heading of another level, and may be called like a function.
      const links = [
        ...html.matchAll(/<a href="(\/api\/(?!\w+\/interfaces\/)[^"#]*)#([^"]+)">(?:<code[^>]*>)?(\w+)(?:\(\))?</g),
      ];
      return links
        .filter(([, path = '', anchor = '', text = '']) => names.has(text) && nameOf(htmlOf(path), anchor) !== text)
        .map(([link]) => `${from} -> ${link}`);
    });
    expect(astray).toEqual([]);
  });

  it.each(functions)('have an example for $name of $entry.name', ({ name, entry }) => {
    expect(placeOf(entry.path, name).html).toMatch(/<h\d id="examples?(?:-\d+)?">/);
  });

  it('stand in the order of the entries in the sidebar and in llms.txt, there with a description each', () => {
    const own = ['/api/', ...entries.map(({ path }) => path)];
    const [, sidebar = ''] = />API<([\s\S]*?)<\/nav>/.exec(htmlOf('/api/')) ?? [];
    const links = [...sidebar.matchAll(/<a href="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => own.includes(link))).toEqual(own);
    const rows = [...readBuilt(site, 'llms.txt').matchAll(/\]\(\S*?(\/api\b\S*)\.md\): \S/g)];
    expect(rows.map(([, path]) => `${path}/`).filter((path) => own.includes(path))).toEqual(own);
  });
});

interface Place {
  readonly path: string;
  /** Empty where it has a page to itself. */
  readonly anchor: string;
  /** The page, or the section of it. */
  readonly html: string;
}

/** Where the entry's page links to by the name: a page of its own, or a section of another entry's; else a section of that page itself. */
function placeOf(path: string, name: string): Place {
  const page = htmlOf(path);
  const [, link] = new RegExp(`<td[^>]*><a href="([^"]*)">${name}</a>`).exec(page) ?? [];
  const [, id] = new RegExp(`<h2 id="([^"]*)">${name}(?:\\(\\))?</h2>`).exec(page) ?? [];
  const [target = '', anchor = ''] = (link ?? `${path}#${id ?? name}`).split('#');
  const html = htmlOf(target);
  return { path: target, anchor, html: anchor === '' ? html : sectionOf(html, anchor) };
}

function htmlOf(path: string): string {
  const html = pages.get(path);
  if (html === undefined) throw new Error(`There is no page ${path}`);
  return html;
}

/** From a heading of the second level to the next one. Empty where no such heading has the anchor. */
function sectionOf(html: string, anchor: string): string {
  const [article = ''] = /<div class="sl-markdown-content">[\s\S]*<footer/.exec(html) ?? [];
  return article.split(/(?=<h2\b)/).find((part) => part.startsWith(`<h2 id="${anchor}">`)) ?? '';
}

function titleOf(html: string): string {
  return plain(/<h1\b[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '');
}

/** What the heading with the anchor names. */
function nameOf(html: string, anchor: string): string {
  const [, heading = ''] = new RegExp(`<h2 id="${anchor}">([\\s\\S]*?)</h2>`).exec(html) ?? [];
  return plain(heading).replace('()', '');
}

/** Not that of the whole site, which pages have that lack one. */
function descriptionOf(html: string): string {
  const [, description = ''] = /<meta name="description" content="([^"]*)"/.exec(html) ?? [];
  return description === 'Sessions for TypeScript, in every JavaScript runtime.' ? '' : description;
}

/** What is said of it before its parts are listed; not its signature, which is quoted, and which may be the first of several. */
function proseOf(section: string): string {
  const [opening = ''] = section
    .replace(/<blockquote>[\s\S]*?<\/blockquote>|<h3 id="call-signature(?:-\d+)?">/g, '')
    .split(/<h[3-6]\b/);
  return plain(/<p>([\s\S]*?)<\/p>/.exec(opening)?.[1] ?? '');
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, '').trim();
}
