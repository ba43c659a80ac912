/** The built site -> its pages, by the path they are asked for. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from './site.ts';

/** Path -> HTML. Without the playground that is one file: its own tests look at it. */
export function readPages({ folder }: Site): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html') && file !== 'sealring-playground.html')
    .sort();
  return new Map(
    files.map((file) => [`/${file.replace(/(^|\/)index\.html$/, '$1')}`, readFileSync(join(folder, file), 'utf8')]),
  );
}

export const readBuilt = ({ folder }: Site, path: string): string => readFileSync(join(folder, path), 'utf8');

/** Whether a path of the site is a page or a file of it. */
export function isThere({ folder }: Site, path: string): boolean {
  const file = join(folder, decodeURIComponent(path), path.endsWith('/') ? 'index.html' : '');
  return existsSync(file) && statSync(file).isFile();
}

/** Where the site will stand: what the pages call themselves. */
export const ADDRESS = 'https://example.com';

/** Links -> those that lead to no page, file or heading of the site, if they lead to the site at all. */
export function findBroken(site: Site, from: string, links: readonly string[]): string[] {
  return links.filter((link) => {
    const { origin, pathname, hash } = new URL(link, `${ADDRESS}${from}`);
    if (origin !== ADDRESS) return false;
    if (!isThere(site, pathname)) return true;
    const id = decodeURIComponent(hash.slice(1));
    if (id === '' || pathname === '/playground/') return false; // there it is what the page is to open
    return !readBuilt(site, pathname.endsWith('/') ? `${pathname}index.html` : pathname).includes(`id="${id}"`);
  });
}
