/** A page's article goes in; what only a screen has use for is taken out of it, and what is left is plain HTML with whole addresses. */
import { type ElementNode, h, type Node, TEXT_NODE } from 'ultrahtml';
import { isElement, unescapeHtml } from './html.ts';

/** Changes `article`. Not whole is one that had a drawing or something to be used. */
export function plainArticle(article: ElementNode, address: URL): { isWhole: boolean } {
  let isWhole = true;
  const visit = (element: ElementNode) => {
    if (element.name === 'pre') return plainCode(element);
    if (isLive(element)) isWhole = false;
    const { href } = element.attributes;
    if (element.name === 'a' && href !== undefined) element.attributes['href'] = new URL(href, address).href;
    element.children = element.children.filter((child) => !isElement(child) || !isForScreens(child));
    for (const child of element.children) if (isElement(child)) visit(child);
  };
  visit(article);
  return { isWhole };
}

/** Pictures say in their caption or in a text for screen readers what they show; headings' links to themselves say it twice. */
const isForScreens = ({ name, attributes }: ElementNode): boolean =>
  SCREEN_ONLY.has(name) ||
  attributes['aria-hidden'] === 'true' ||
  attributes['hidden'] !== undefined ||
  ['sl-anchor-link', 'sr-only', 'copy'].some((kind) => attributes['class']?.split(' ').includes(kind));

const SCREEN_ONLY = new Set([
  'script',
  'style',
  'link',
  'template',
  'svg',
  'button',
  'select',
  'input',
  'textarea',
  'label',
  'output',
  'wbr',
  'h1', // the title, which stands above the text already
]);

/** Custom elements are what the page runs. */
const isLive = ({ name, children }: ElementNode): boolean =>
  (name.includes('-') && !name.startsWith('starlight-')) ||
  children.some((child) => isElement(child) && child.name === 'svg' && child.attributes['role'] === 'img');

/** A frame of coloured lines becomes the text of one block; its language stands where writers of Markdown look for it. */
function plainCode(pre: ElementNode): void {
  const lines = pre.children.filter(isElement).flatMap((code) => code.children.filter(isElement));
  if (lines.length === 0) return;
  const text = lines.map((line) => rawText(line).replace(/\n$/, '')).join('\n');
  const language = pre.attributes['data-language'];
  const attributes = language === 'plaintext' ? {} : { class: `language-${language}` };
  pre.children = [h('code', attributes, unescapeHtml(text))];
}

function rawText(node: Node): string {
  if (node.type === TEXT_NODE) return node['value'];
  return 'children' in node ? node['children'].map(rawText).join('') : '';
}
