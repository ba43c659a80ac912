/** The built docs go in; the file that the search dialog loads comes out: one entry for each heading and what is said under it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import MiniSearch from 'minisearch';
import type { ElementNode } from 'ultrahtml';
import { INDEX_EVENT, INDEX_PATH, indexOptions, type Section } from '../src/search/section.ts';
import { elementsOf, isElement, readPages, textOf } from './html.ts';

const NOT_SEARCHED = new Set(['/', '/404.html']); // the one says what the others say, the other nothing

export const searchIndex = (): AstroIntegration => ({
  name: 'search-index',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const pages = (await readPages(folder)).filter(({ path }) => !NOT_SEARCHED.has(path));
      const sections = pages.flatMap(({ path, html }) => cutPage(path, html));
      const index = new MiniSearch<Section>(indexOptions);
      index.addAll(sections);
      const json = JSON.stringify(index);
      const call = `document.dispatchEvent(new CustomEvent(${JSON.stringify(INDEX_EVENT)},{detail:${JSON.stringify(json)}}))`;
      await writeFile(join(folder, INDEX_PATH), call);
      logger.info(`${sections.length} sections of ${pages.length} pages, ${Math.round(call.length / 1024)} KiB`);
    },
  },
});

/** Headings of the API that name nothing: what stands below them belongs to the name above. */
const PARTS = new Set([
  ...['Parameters', 'Type Parameters', 'Returns', 'Throws', 'Example', 'Examples', 'Call Signature'],
  ...['Properties', 'Methods', 'Constructors', 'Constructor', 'Extends', 'Extended by', 'Inherited from', 'Overrides'],
  ...['Union Members', 'Type Literal', 'Modules', 'Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases'],
]);

function cutPage(path: string, html: string): Section[] {
  const elements = elementsOf(html);
  const title = elements.find(({ name }) => name === 'h1');
  const page = title === undefined ? '' : textOf(title);
  const body = elements.find(({ attributes }) => attributes['class']?.split(' ').includes('sl-markdown-content'));
  const isApi = path.startsWith('/api/');
  const first: Section = { id: path, page, heading: page, text: '', isApi };
  if (body === undefined) {
    const main = elements.find(({ name }) => name === 'main');
    return main === undefined || page === '' ? [] : [{ ...first, text: textOf(main, isNoText) }];
  }
  const sections = [first];
  for (const child of body.children) {
    if (!isElement(child)) continue;
    const heading = headingIn(child);
    if (heading === undefined || (isApi && PARTS.has(textOf(heading, isNoText)))) {
      const last = sections.at(-1);
      if (last) last.text = `${last.text} ${textOf(child, isNoText)}`.trim();
      continue;
    }
    const id = `${path}#${heading.attributes['id']}`;
    sections.push({ id, page, heading: textOf(heading, isNoText), text: '', isApi });
  }
  return sections;
}

/** Headings stand in an element of their own, beside the link to themselves. */
const headingIn = (element: ElementNode): ElementNode | undefined =>
  [element, ...element.children.filter(isElement)].find(
    ({ name, attributes }) => /^h[2-4]$/.test(name) && attributes['id'] !== undefined,
  );

const isNoText = ({ name, attributes }: ElementNode) =>
  ['script', 'style', 'svg', 'noscript', 'button', 'select', 'template'].includes(name) ||
  (attributes['class'] ?? '').split(' ').includes('sr-only');
