/** Which Markdown of this repository has code that readers copy. */
import { existsSync, readdirSync } from 'node:fs';
import { at } from '../../support/repository.ts';

const DOCS = 'site/src/content/docs';

/** The pages of the documentation that are written by hand; those in `api` are made from docstrings. */
export function listDocs(): string[] {
  const files = readdirSync(at(DOCS), { recursive: true, encoding: 'utf8' });
  const pages = files.filter((file) => /\.mdx?$/.test(file) && !file.startsWith('api/'));
  return pages.map((file) => `${DOCS}/${file}`).toSorted();
}

/** Private packages have none. */
export function listReadmes(): string[] {
  const readmes = readdirSync(at('packages')).map((folder) => `packages/${folder}/README.md`);
  return ['README.md', ...readmes.filter((path) => existsSync(at(path)))];
}
