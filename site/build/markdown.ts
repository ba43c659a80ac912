/** The built docs go in; beside each page it comes out as Markdown, tables and examples of components included, and all in one file. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import rehypeParse from 'rehype-parse';
import rehypeRemark from 'rehype-remark';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { type ElementNode, renderSync } from 'ultrahtml';
import { unified } from 'unified';
import { elementsOf, type Page, readPages, textOf } from './html.ts';
import { plainArticle } from './plain-article.ts';

export const markdown = (): AstroIntegration => ({
  name: 'markdown',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const copies = new Map<string, string>();
      for (const page of await readPages(folder)) {
        const text = toMarkdown(page);
        if (text !== undefined) copies.set(page.path === '/' ? '/index.md' : page.path.replace(/\/$/, '.md'), text);
      }
      for (const [path, text] of copies) await writeFile(join(folder, path), text);
      const list = await readFile(join(folder, 'llms.txt'), 'utf8');
      const inOrder = [...list.matchAll(/\]\((\S+\.md)\)/g)].map(([, link = '']) => copies.get(new URL(link).pathname));
      await writeFile(join(folder, 'llms-full.txt'), inOrder.join('\n---\n\n'));
      logger.info(`${copies.size} pages, ${inOrder.length} of them in llms-full.txt`);
    },
  },
});

const converter = unified()
  .use(rehypeParse, { fragment: true })
  .use(rehypeRemark)
  .use(remarkGfm, { tablePipeAlign: false, tableCellPadding: true })
  .use(remarkStringify, { bullet: '-', emphasis: '*', rule: '-', listItemIndent: 'one', fences: true });

/** `undefined` for a page that is neither an article of the docs nor the landing page. */
function toMarkdown({ html, path }: Page): string | undefined {
  const elements = elementsOf(html);
  const article = elements.find(({ name, attributes }) =>
    path === '/' ? name === 'main' : attributes['class']?.split(' ').includes('sl-markdown-content'),
  );
  const title = elements.find(({ name }) => name === 'h1');
  const address = attributeOf(elements, 'link', 'rel', 'canonical', 'href');
  if (article === undefined || title === undefined || address === undefined) return undefined;
  const description = attributeOf(elements, 'meta', 'name', 'description', 'content');
  const { isWhole } = plainArticle(article, new URL(address));
  const text = String(converter.processSync(renderSync(article))).trim();
  const note = isWhole ? '' : `What is drawn or can be tried on this page is only there: ${address}`;
  return `${[`# ${textOf(title)}`, description && `> ${description}`, `Source: ${address}`, text, note].filter(Boolean).join('\n\n')}\n`;
}

function attributeOf(all: ElementNode[], name: string, key: string, value: string, wanted: string) {
  return all.find((element) => element.name === name && element.attributes[key] === value)?.attributes[wanted];
}
