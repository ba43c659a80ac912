/** Which Markdown of this repository has code that readers copy. */
import { readdirSync } from 'node:fs';
import { at } from '../../support/repository.ts';

const DOCS = 'site/src/content/docs';

/** The pages of the documentation that are written by hand; those in `api` are made from docstrings. */
export function listDocs(): string[] {
  const files = readdirSync(at(DOCS), { recursive: true, encoding: 'utf8' });
  const pages = files.filter((file) => /\.mdx?$/.test(file) && !file.startsWith('api/'));
  return pages.map((file) => `${DOCS}/${file}`).toSorted();
}

export function listReadmes(): string[] {
  return ['README.md', ...readdirSync(at('packages')).map((folder) => `packages/${folder}/README.md`)];
}
