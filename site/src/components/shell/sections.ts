/** The docs' pages go in; the links of the header, each to where its section begins, come out. */
import { getCollection } from 'astro:content';

export interface Section {
  label: string;
  href: string;
}

const FOLDERS = [
  ['tutorials', 'Tutorials'],
  ['how-to', 'How-to'],
  ['explanation', 'Explanation'],
  ['reference', 'Reference'],
] as const;
const own = Object.keys(import.meta.glob('../../pages/**/*.{astro,md,mdx}'));

/** A section without a page, which there is only while the site is being written, has no link. */
export async function listSections(): Promise<Section[]> {
  const pages = (await getCollection('docs'))
    .filter(({ data }) => !data.sidebar.hidden)
    .sort((a, b) => (a.data.sidebar.order ?? 1e6) - (b.data.sidebar.order ?? 1e6) || (a.id < b.id ? -1 : 1));
  const sections = FOLDERS.flatMap(([folder, label]): Section[] => {
    const first = pages.find(({ id }) => id === folder) ?? pages.find(({ id }) => id.startsWith(`${folder}/`));
    return first === undefined ? [] : [{ label, href: `/${first.id}/` }];
  });
  const hasComparison =
    pages.some(({ id }) => id === 'comparison') || own.some((path) => path.startsWith('../../pages/comparison'));
  if (hasComparison) sections.push({ label: 'Comparison', href: '/comparison/' });
  return [...sections, { label: 'Playground', href: '/playground/' }];
}
