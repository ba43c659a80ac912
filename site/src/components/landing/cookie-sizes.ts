/** The sizes that the benchmark wrote down go in; the rows of the landing page's chart come out: of what is encrypted, as ours is. */
import { z } from 'astro/zod';

const Sizes = z.object({
  jsonBytes: z.number(),
  rows: z.array(z.object({ name: z.string(), characters: z.number(), protects: z.string(), isOurs: z.boolean() })),
});
export type CookieSizes = z.infer<typeof Sizes>;

const files = import.meta.glob('../../data/comparison/cookie-sizes.json', { eager: true, import: 'default' });

/** Undefined where the benchmark has not been run. */
export function readCookieSizes(): CookieSizes | undefined {
  const [file] = Object.values(files);
  if (file === undefined) return undefined;
  const { jsonBytes, rows } = Sizes.parse(file);
  const shown = rows.filter(({ protects }) => protects === 'encrypted').sort((a, b) => a.characters - b.characters);
  return { jsonBytes, rows: shown };
}
