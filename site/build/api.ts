/** The packages' entries -> the pages of the API, made by TypeDoc from the comments in the sources, and their part of the sidebar. */
import type { StarlightPlugin } from '@astrojs/starlight/types';
import { createStarlightTypeDocPlugin } from 'starlight-typedoc';
import { apiComments } from './api-comments.ts';
import { apiEntries } from './api-entries.ts';
import { apiPages, ENTRY_ROUTER } from './api-pages.ts';

const LABEL = 'API';

/** `apiSidebar` is the place of the pages in the sidebar: the plugins fill it. */
const [typedoc, apiSidebar] = createStarlightTypeDocPlugin();

export { apiSidebar };

export const apiPlugins: StarlightPlugin[] = [
  // One run for all entries: quicker than one for each, and the pages of one link to the types of another.
  typedoc({
    entryPoints: apiEntries.map(({ file }) => file),
    output: 'api',
    sidebar: { label: LABEL, collapsed: true },
    tsconfig: './tsconfig.typedoc.json',
    typeDoc: {
      plugin: [apiPages, apiComments],
      name: 'API reference',
      router: ENTRY_ROUTER,
      entryFileName: 'index', // Starlight's plugin links to a README that it has removed
      sortEntryPoints: false,
      kindSortOrder: ['Function', 'Class', 'Variable'],
      groupOrder: ['Functions', 'Classes', 'Variables', '*'],
      groupReferencesByType: true,
      hideGroupHeadings: true,
      indexFormat: 'table',
      parametersFormat: 'table', // a parameter's heading would have the anchor of a type of the same name
      tableColumnSettings: { hideDefaults: true }, // a column of its own, with `undefined` where there is none
      excludeExternals: true, // what every Error has
      disableSources: true, // links to lines of a repository that readers may not have
      skipErrorChecking: true, // `pnpm typecheck` does that, with the TypeScript of the packages
    },
  }),
  { name: 'api-sidebar', hooks: { 'config:setup': addOverviews } },
];

type Setup = Parameters<StarlightPlugin['hooks']['config:setup'] & object>[0];
type Items = NonNullable<Setup['config']['sidebar']>;

/** TypeDoc's plugin knows the folders of pages, not the page of an entry itself, which is all that an entry on one page has. */
function addOverviews({ config, updateConfig }: Setup): void {
  const sidebar = config.sidebar?.map((group) => {
    if (typeof group === 'string' || !('items' in group) || group.label !== LABEL) return group;
    return { ...group, items: [{ label: 'Overview', slug: 'api' }, ...group.items.map(addOverview)] };
  });
  updateConfig({ sidebar });
}

function addOverview(group: Items[number]): Items[number] {
  const entry = apiEntries.find(({ name }) => typeof group !== 'string' && group.label === name);
  if (entry === undefined || typeof group === 'string' || !('items' in group)) return group;
  const slug = `api/${entry.folder}`;
  if (entry.isOnePage) return { label: entry.name, slug };
  return { ...group, items: [{ label: 'Overview', slug }, ...group.items] };
}
