/** The pages and states of the site that are looked at closely, by a name each: one of every kind. */
import { createSealer } from '@sealring/codec';
import type { Page } from 'playwright';
import { readPages } from '../support/built-pages.ts';
import { untilReady } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

/** The playground's demo keys, which everyone may know. */
export const DEMO_1 = Uint8Array.from({ length: 32 }, (_, at) => at);
const DEMO_2 = Uint8Array.from({ length: 32 }, (_, at) => 32 + at);
const ISSUED = 1_767_225_600;
const VALUE = { user: 42, name: 'Zoë', cart: new Map([['apple', 3]]), lastVisit: new Date(0) };

export const TOKEN = createSealer({ keys: [DEMO_1], purpose: 'sealring:cookie:session', reserved: true }).seal(VALUE, {
  now: ISSUED,
});
/** Of a key that no link brings: nothing opens it. */
const FOREIGN = createSealer({ keys: [DEMO_2], purpose: 'sealring:cookie:session', reserved: true }).seal(VALUE, {
  now: ISSUED,
});
export const CHANGED = TOKEN.slice(0, -4) + (TOKEN.at(-4) === 'A' ? 'B' : 'A') + TOKEN.slice(-3);

export interface State {
  name: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
}

export const playground = (fields: Readonly<Record<string, string>>): string =>
  `/playground/#${new URLSearchParams(fields)}`;
export const opening = (token: string) =>
  playground({ view: 'open', token, name: 'session', now: String(ISSUED + 60), key: 'demo-1' });

const PLAYGROUND: readonly State[] = [
  { name: 'playground, empty', path: '/playground/' },
  { name: 'playground, opens', path: opening(TOKEN) },
  { name: 'playground, opens, all unfolded', path: opening(TOKEN), prepare: unfold },
  { name: 'playground, changed', path: opening(CHANGED) },
  { name: 'playground, wrong key', path: opening(FOREIGN) },
  { name: 'playground, no token', path: opening('hello') },
  { name: 'playground, Seal', path: playground({ view: 'seal', key: 'demo-1' }) },
  { name: 'playground, Rotate', path: playground({ view: 'rotate', key: 'demo-1' }) },
  {
    name: 'playground, Header',
    path: playground({ view: 'header', token: `Cookie: theme=dark; session=${TOKEN}; id=42`, key: 'demo-1' }),
  },
];

/** Pages with something on them that stands on no other. */
const WITH_DEMOS = [
  '/tutorials/rotate-a-key/',
  '/how-to/under-4096-bytes/',
  '/explanation/why-races-lose-data/',
  '/explanation/why-names-are-bound/',
  '/explanation/threat-model/',
  '/reference/wire-format/',
  '/reference/errors/',
];

/** Of these the first page that the build has made stands for all. */
const KINDS = ['/tutorials/', '/how-to/', '/explanation/', '/reference/', '/api/codec/functions/'];

/** The name of each page, kind of page and state of the playground: known before the site is built, so that each has a test of its own. */
export const STATES: readonly string[] = [
  ...['/', '/404.html', '/comparison/', ...WITH_DEMOS, ...KINDS],
  ...PLAYGROUND.map(({ name }) => name),
];

/** The state of that name. Throws if the built site has no such page. */
export function stateOf(site: Site, name: string): State {
  const isIt = (path: string) => (KINDS.includes(name) ? path.startsWith(name) : path === name);
  const path = [...readPages(site).keys()].find(isIt);
  const state = PLAYGROUND.find((each) => each.name === name) ?? (path === undefined ? undefined : { name, path });
  if (state === undefined) throw new Error(`The built site has no page ${name}`);
  return state;
}

export async function arrive(page: Page, origin: string, { path, prepare }: State): Promise<void> {
  await page.goto('about:blank'); // else a change after the `#` alone would load nothing
  await page.goto(origin + path);
  if (path.startsWith('/playground/')) await untilReady(page);
  await prepare?.(page);
}

/** Resolves when the page has filled what it has been told of: a browser tells of it later, and what grows then moves all below it. */
export function unfold(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const closed = [...document.querySelectorAll('details')].filter(({ open }) => !open);
    const toggles = closed.map(
      (details) => new Promise((resolve) => details.addEventListener('toggle', resolve, { once: true })),
    );
    for (const details of closed) details.open = true;
    await Promise.all(toggles);
  });
}
