/** Whole requests without a network: Cookie header -> session -> one key read, one changed -> response, through each library's own calls. */
import { atLeast, atMost, type Bound } from './bounds.ts';
import { nextCookie } from './exchange.ts';
import type { Fixture } from './fixtures.ts';
import { type Effort, type Row, timeInterleaved } from './measure.ts';
import { formatMicroseconds, formatRate, formatRatio, type Table } from './report.ts';
import { createSessionLibraries, type Deed, type SessionLibrary } from './session-peers.ts';

/** Visitors who take turns: more than are ever under way, so that no two requests write one record of a server store. */
const VISITORS = 32;
const FIRST_VISITS = 1;
const COOKIE_SESSION = 'cookie-session (signed, SHA-1)';
const FETCH = 'sealring cookieStore, Fetch';
const [CHANGE, READ] = [' change', ' read'];

/** Times every library on the fixture as the contents of the session, with a counter of visits beside it. */
export async function measureWholeRequests(
  fixture: Fixture,
  effort: Effort,
): Promise<{ table: Table; bounds: Bound[] }> {
  const libraries = createSessionLibraries();
  const rows: Row[] = [];
  for (const library of libraries) {
    await checkVisits(library, fixture);
    const cookies = await fillSessions(library, fixture);
    rows.push({ name: library.name + CHANGE, run: takeTurns(library, cookies, 'change') });
    rows.push({ name: library.name + READ, run: takeTurns(library, cookies, 'read') });
  }
  const times = await timeInterleaved(rows, effort);
  const cookieStoreIs = (name: string, as = 'sealring cookieStore, Node') =>
    times.ratio([name + CHANGE], [as + CHANGE]); // times as quick
  const table: Table = {
    id: 'whole-requests',
    title: `Whole requests, ${fixture.name} in the session: one key read, one changed; the same only read`,
    columns: ['library', 'changing/s', 'µs', 'spread', 'cookieStore is', 'reading/s', 'µs', 'spread'],
    rows: libraries.map(({ name }) => {
      const cells = (kind: string) => [
        formatRate(times.ns(name + kind)),
        formatMicroseconds(times.ns(name + kind)),
        `${Math.round(100 * times.spread(name + kind))}%`,
      ];
      return [name, ...cells(CHANGE), formatRatio(cookieStoreIs(name)), ...cells(READ)];
    }),
  };
  const cookies = 'sealring cookieStore, Node';
  return {
    table,
    bounds: [
      atLeast(10, 'in process, a request against iron-session', cookieStoreIs('iron-session')),
      atLeast(1.5, 'in process, a request against cookie-session', cookieStoreIs(COOKIE_SESSION)),
      atLeast(20, 'in process, a request against h3 useSession, Fetch', cookieStoreIs('h3 useSession', FETCH)),
      atMost(0.6, 'a request that only reads, of one that changes', times.ratio([cookies + READ], [cookies + CHANGE])),
    ],
  };
}

/** Throws unless the contents arrive in the second request, its change in the third, and a read one changes nothing. */
async function checkVisits(library: SessionLibrary, { value }: Fixture): Promise<void> {
  let cookie = '';
  const deeds: Deed[] = [{ fill: { ...value, visits: FIRST_VISITS } }, 'change', 'read', 'read'];
  const seen: unknown[] = [];
  for (const deed of deeds) {
    const { userId, visits, setCookies } = await library.visit(cookie, deed);
    if (seen.length > 0 && userId !== value['userId']) throw new Error(`${library.name} loses a value`);
    seen.push(visits);
    cookie = nextCookie(cookie, setCookies);
  }
  const [, ...later] = seen;
  if (later.join() !== [FIRST_VISITS, FIRST_VISITS + 1, FIRST_VISITS + 1].join()) {
    throw new Error(`${library.name} loses a change: saw ${later.join()}`);
  }
}

async function fillSessions(library: SessionLibrary, { value }: Fixture): Promise<string[]> {
  const cookies: string[] = [];
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const { setCookies } = await library.visit('', { fill: { ...value, visits: FIRST_VISITS } });
    cookies.push(nextCookie('', setCookies));
  }
  return cookies;
}

// The cookie stays that of the first visit: every request does the same work.
function takeTurns(library: SessionLibrary, cookies: readonly string[], deed: Deed): Row['run'] {
  let turn = 0;
  return () => library.visit(cookies[turn++ % VISITORS] ?? '', deed);
}
