/** Where this copy of the package is installed -> during development one warning if the process has another. */

import { isWatched, shared, warnOnce } from './development.ts';

/**
 * Notices this copy. It is known by the folder that it is installed in. One that a bundler has put elsewhere is not looked at: there a single copy is often
 * evaluated several times, as in Next, and that is no mistake.
 *
 * @param stack of a call in this package.
 */
export function noticeCopy(stack?: string): void {
  if (!isWatched('two-copies')) return;
  const folder = FOLDER.exec(stack ?? new Error('where').stack ?? '')?.[0];
  if (folder === undefined) return;
  const folders = shared('copies', () => new Set<string>());
  if (folders.add(folder).size < 2) return;
  const why = 'an error of one is no SessionError of the other, and two versions may not understand each other';
  const remedy = 'find out with "npm ls sealring" who brings the second, and let one version serve all';
  warnOnce(
    'two-copies',
    `the package is loaded twice, from ${[...folders].join(' and from ')}: ${why}. To mend it, ${remedy}`,
  );
}

/** In a line of a stack: `file:///srv/app/node_modules/sealring/`, `/srv/app/node_modules/sealring/` or `C:\\app\\node_modules\\sealring\\`. */
const FOLDER = /(?:file:\/\/|(?<=[\s(])(?=\/|[A-Za-z]:))[^\n()]*?[\\/]node_modules[\\/]sealring[\\/]/;
