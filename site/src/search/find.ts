/** The index and what was typed go in; the sections that fit, best first, come out. */
import MiniSearch from 'minisearch';
import { indexOptions, type Section } from './section.ts';

export interface Hit {
  href: string;
  page: string;
  heading: string;
  /** The text around the first word found, in pieces that are marked or not. */
  excerpt: { text: string; isFound: boolean }[];
}

export type Find = (typed: string) => Hit[];

const MOST = 20;
const AROUND = 90; // characters on either side of the first word found

/** @param json what `MiniSearch.toJSON` of the build said. */
export function createFind(json: string): Find {
  const index = MiniSearch.loadJSON<Section>(json, indexOptions);
  return (typed) =>
    index
      .search(typed, {
        boost: { page: 3, heading: 4 },
        boostDocument: (_id, term, stored) => weigh(term, stored),
        combineWith: 'AND',
        prefix: (term) => term.length > 1,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      })
      .slice(0, MOST)
      .map(({ id, page, heading, text, terms }) => ({
        href: String(id),
        page: String(page),
        heading: String(heading),
        excerpt: cutExcerpt(String(text), terms),
      }));
}

/** Names from the sources are found everywhere; their own page comes first for them, and after the docs for all else. */
function weigh(term: string, stored: Record<string, unknown> | undefined): number {
  if (stored?.['isApi'] !== true) return 1;
  return String(stored['page']).toLowerCase().startsWith(term) && String(stored['heading']) === stored['page']
    ? 1
    : 0.08;
}

function cutExcerpt(text: string, terms: readonly string[]): Hit['excerpt'] {
  const words = terms.map((term) => term.replace(/[^\p{L}\p{N}_]/gu, '')).filter(Boolean);
  const found = words.length > 0 ? new RegExp(`(${words.join('|')})`, 'giu') : /(?!)/;
  const first = Math.max(0, text.search(found));
  const from = first <= AROUND ? 0 : text.indexOf(' ', first - AROUND) + 1;
  const shown = text.slice(from, first + AROUND * 2);
  const pieces = `${from > 0 ? '… ' : ''}${shown}${from + shown.length < text.length ? ' …' : ''}`.split(found);
  return pieces.map((piece, at) => ({ text: piece, isFound: at % 2 === 1 })).filter((piece) => piece.text !== '');
}
