/** `/llms.txt`: what the site has, page by page, for readers that are programs. */
import type { APIRoute } from 'astro';
import { listChapters } from '../text/outline.ts';

const HEAD = `# Sealring

> Sessions for TypeScript, in every JavaScript runtime: sealed inside the cookie or kept in a store of your choice. \`sealring\` holds
> sessions, stores and adapters; \`@sealring/codec\` turns a value into a sealed string and back; \`@sealring/inspect\` explains a cookie.

Every page is here as Markdown, and all of them in one file:`;

export const GET: APIRoute = async ({ site, url }) => {
  const to = (path: string) => new URL(path, site ?? url).href;
  const chapters = (await listChapters()).map(({ label, pages }) => {
    const rows = pages.map(({ id, data }) => {
      const says = data.description ? `: ${data.description}` : '';
      return `- [${data.title}](${to(`/${id}.md`)})${says}`;
    });
    return `## ${label}\n\n${rows.join('\n')}`;
  });
  const tools = `## Tools\n\n- [Playground](${to('/playground/')}): opens, explains, changes and seals cookies, in the page alone`;
  const whole = `- [llms-full.txt](${to('/llms-full.txt')})\n- [Sealring in one page](${to('/index.md')})`;
  return new Response(`${[`${HEAD}\n\n${whole}`, ...chapters, tools].join('\n\n')}\n`);
};
