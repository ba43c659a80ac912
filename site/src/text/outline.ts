/** The docs' pages come out in the order of reading, under the names of their sections. */
import { type CollectionEntry, getCollection } from 'astro:content';

export interface Chapter {
  label: string;
  /** Undefined for pages that stand in none. */
  folder: string | undefined;
  pages: CollectionEntry<'docs'>[];
}

const FOLDERS = [
  ['tutorials', 'Tutorials'],
  ['how-to', 'How-to'],
  ['explanation', 'Explanation'],
  ['reference', 'Reference'],
  ['api', 'API'],
] as const;

/** Pages that stand in no folder are in the last chapter. */
export async function listChapters(): Promise<Chapter[]> {
  const pages = (await listPages()).sort((a, b) => orderOf(a) - orderOf(b) || (a.id < b.id ? -1 : 1));
  const isIn = (folder: string) => (page: CollectionEntry<'docs'>) =>
    page.id === folder || page.id.startsWith(`${folder}/`);
  const chapters = FOLDERS.map(([folder, label]) => ({ label, folder, pages: pages.filter(isIn(folder)) }));
  const rest = pages.filter((page) => !FOLDERS.some(([folder]) => isIn(folder)(page)));
  return [...chapters, { label: 'More', folder: undefined, pages: rest }].filter((chapter) => chapter.pages.length > 0);
}

/** Every page that is there to be read. */
const listPages = (): Promise<CollectionEntry<'docs'>[]> =>
  getCollection('docs', ({ id, data }) => id !== '404' && id !== 'index' && !data.draft);

const orderOf = ({ data }: CollectionEntry<'docs'>) => data.sidebar.order ?? Number.MAX_SAFE_INTEGER;
