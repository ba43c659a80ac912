/** The docs' chapters go in; the links of the header, each to where its section begins, come out. */
import { listChapters } from '../../text/outline.ts';

export interface Section {
  label: string;
  href: string;
}

/** A section without a page, which there is only while the site is being written, has no link. */
export async function listSections(): Promise<Section[]> {
  const chapters = await listChapters();
  const sections = chapters.flatMap(({ label, folder, pages }): Section[] => {
    const first = pages.find(({ id }) => id === folder) ?? pages[0];
    return folder === undefined || folder === 'api' || first === undefined ? [] : [{ label, href: `/${first.id}/` }];
  });
  const hasComparison = chapters.some(({ pages }) => pages.some(({ id }) => id === 'comparison'));
  if (hasComparison) sections.push({ label: 'Comparison', href: '/comparison/' });
  return [...sections, { label: 'Playground', href: '/playground/' }];
}
