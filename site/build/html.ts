/** The built folder goes in; its HTML pages, as text and as trees, come out. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ELEMENT_NODE, type ElementNode, type Node, parse, TEXT_NODE, walkSync } from 'ultrahtml';

export interface Page {
  /** Where it stands in the folder. */
  file: string;
  /** As it is asked for: `/tutorials/codec/`. */
  path: string;
  html: string;
}

/** In the order of their paths, so that two builds of the same sources are the same. */
export async function readPages(folder: string): Promise<Page[]> {
  const files: string[] = [];
  for await (const file of glob('**/*.html', { cwd: folder })) files.push(file);
  return Promise.all(
    files.sort().map(async (file) => ({
      file: join(folder, file),
      path: `/${file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1')}`,
      html: await readFile(join(folder, file), 'utf8'),
    })),
  );
}

/** Every element, in the order of the text. */
export function elementsOf(html: string): ElementNode[] {
  const found: ElementNode[] = [];
  const root: unknown = parse(html);
  if (isNode(root)) walkSync(root, (node) => void (isElement(node) && found.push(node)));
  return found;
}

export const isElement = (node: Node): node is ElementNode => node.type === ELEMENT_NODE;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** The text in it, without what `skip` says, with single spaces. */
export function textOf(node: Node, skip: (element: ElementNode) => boolean = () => false): string {
  const pieces: string[] = [];
  collect(node, skip, pieces);
  return pieces.join('').replace(/\s+/g, ' ').trim();
}

function collect(node: Node, skip: (element: ElementNode) => boolean, pieces: string[]): void {
  if (node.type === TEXT_NODE) pieces.push(unescapeHtml(node['value']));
  if (!('children' in node) || (isElement(node) && skip(node))) return;
  for (const child of node['children']) collect(child, skip, pieces);
  if (isElement(node) && BLOCKS.has(node.name)) pieces.push(' ');
}

const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'td',
  'th',
  'tr',
  'dt',
  'dd',
  'pre',
  'h1',
  'h2',
  'h3',
  'h4',
  'br',
  'figcaption',
]);

/** Text or an attribute, after character references. */
export const unescapeHtml = (text: string): string =>
  text
    .replace(/&(?:quot|#34|#x22);/gi, '"')
    .replace(/&(?:#39|#x27|apos);/gi, "'")
    .replace(/&(?:lt|#60|#x3c);/gi, '<')
    .replace(/&(?:gt|#62|#x3e);/gi, '>')
    .replace(/&(?:nbsp|#160|#xa0);/gi, ' ')
    .replace(/&(?:amp|#38|#x26);/gi, '&');
