/** `packages/codec/FORMAT.md` goes in; the page /reference/wire-format/ comes out. There is one text and no copy of it. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Loader, LoaderContext } from 'astro/loaders';

const id = 'reference/wire-format';
const source = '../packages/codec/FORMAT.md';
const description = 'How a Sealring token is laid out, byte by byte.';

/** The same loader with one more page at the end: the loader given removes every page that it did not load itself. */
export function alsoFormat(docs: Loader): Loader {
  return {
    ...docs,
    async load(context) {
      await docs.load(context);
      await loadFormat(context);
      const path = fileURLToPath(new URL(source, context.config.root));
      context.watcher?.add(path);
      context.watcher?.on('change', (changed) => {
        if (changed === path) void loadFormat(context);
      });
    },
  };
}

async function loadFormat({ config, store, parseData, renderMarkdown, generateDigest }: LoaderContext): Promise<void> {
  const text = await readFile(new URL(source, config.root), 'utf8');
  // Where the page would stand if it were a copy: the check of links knows pages by this place.
  const fileURL = new URL(`src/content/docs/${id}.md`, config.root);
  const [heading = ''] = text.split('\n', 1);
  const title = heading.replace(/^# /, '');
  const body = text.slice(heading.length); // the page shows the title itself
  const data = await parseData({
    id,
    data: { title, description, editUrl: false, sidebar: { label: 'Wire format', order: 1 } },
    filePath: fileURLToPath(fileURL),
  });
  store.set({
    id,
    data,
    body,
    filePath: `src/content/docs/${id}.md`,
    digest: generateDigest(text),
    rendered: await renderMarkdown(body, { fileURL }),
  });
}
