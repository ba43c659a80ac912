/** The built pages go in; the picture that each names as its card comes out: 1200 by 630 pixels, with the page's title and description. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import type { AstroIntegration } from 'astro';
import satori, { type Font } from 'satori';
import { cardMarkup } from './card-markup.ts';
import { elementsOf, readPages, unescapeHtml } from './html.ts';

interface Card {
  /** In the built folder. */
  path: string;
  title: string;
  description: string;
  section: string;
}

const SECTIONS: Readonly<Record<string, string>> = {
  tutorials: 'Tutorial',
  'how-to': 'How-to',
  explanation: 'Explanation',
  reference: 'Reference',
  api: 'Reference',
};

export const cards = (): AstroIntegration => {
  let cache = '';
  return {
    name: 'cards',
    hooks: {
      'astro:config:done': ({ config }) => {
        cache = fileURLToPath(new URL('cards/', config.cacheDir));
      },
      'astro:build:done': async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const wanted = new Map<string, Card>();
        for (const { path, html } of await readPages(folder)) {
          const card = readCard(path, html);
          if (card !== undefined && !wanted.has(card.path)) wanted.set(card.path, card);
        }
        const fonts = await readFonts();
        await mkdir(cache, { recursive: true });
        let drawn = 0;
        for (const card of wanted.values()) {
          const kept = join(cache, `${digest(JSON.stringify([card, cardMarkup.toString()]))}.png`);
          const png = await readFile(kept).catch(async () => {
            drawn++;
            const made = await draw(card, fonts);
            await writeFile(kept, made);
            return made;
          });
          await mkdir(dirname(join(folder, card.path)), { recursive: true });
          await writeFile(join(folder, card.path), png);
        }
        logger.info(`${wanted.size} cards, ${drawn} of them drawn anew`);
      },
    },
  };
};

function readCard(path: string, html: string): Card | undefined {
  const metas = elementsOf(html).filter(({ name }) => name === 'meta');
  const read = (key: string) => {
    const meta = metas.find(({ attributes }) => (attributes['property'] ?? attributes['name']) === key);
    return meta && unescapeHtml(meta.attributes['content'] ?? '');
  };
  const picture = read('og:image');
  if (picture === undefined) return undefined;
  const isShared = picture.endsWith('/cards/api.png');
  return {
    path: new URL(picture).pathname,
    title: isShared ? 'API' : (read('og:title') ?? 'Sealring'),
    description: isShared
      ? 'Every export of sealring, @sealring/codec and @sealring/inspect.'
      : (read('description') ?? ''),
    section: SECTIONS[path.split('/')[1] ?? ''] ?? '',
  };
}

async function draw(card: Card, fonts: Font[]): Promise<Uint8Array> {
  const svg = await satori(cardMarkup(card), { width: 1200, height: 630, fonts });
  return new Resvg(svg).render().asPng();
}

function readFonts(): Promise<Font[]> {
  const require = createRequire(import.meta.url);
  const files = [
    [400, require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff')],
    [600, require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff')],
  ] as const;
  return Promise.all(
    files.map(async ([weight, file]) => ({
      name: 'Inter',
      weight,
      style: 'normal' as const,
      data: await readFile(file),
    })),
  );
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
