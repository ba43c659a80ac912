/** What the search knows: the pages' sections, as the build writes them down and the dialog reads them. */
import type { Options } from 'minisearch';

/** A heading and the text up to the next one; a page's first section has the page's own title. */
export interface Section {
  /** Path and fragment. */
  id: string;
  page: string;
  heading: string;
  text: string;
  /** Of the pages made from the sources' comments, which are many and say little. */
  isApi: boolean;
}

/** The build and the page have to agree on these. */
export const indexOptions: Options<Section> = {
  fields: ['page', 'heading', 'text'],
  storeFields: ['page', 'heading', 'text', 'isApi'],
  // `maxAge` is found as it stands and by `age`; `ERR_SEAL_TAMPERED` also by `tampered`.
  tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u).flatMap((word) => [word, ...partsOf(word)]),
};

/** The name of the event that the index's file hands the index over with, as JSON text in `detail`. */
export const INDEX_EVENT = 'search-index';
export const INDEX_PATH = '/search-index.js';

function partsOf(word: string): string[] {
  const parts = word.split(/_+|(?<=\p{Ll})(?=\p{Lu})/u).filter(Boolean);
  return parts.length > 1 ? parts : [];
}
