/** `--gorilla`: gorilla/sessions beside our cookie store, both in CPU time per request; left out where Go or the package is absent. */
import { spawnSync } from 'node:child_process';
import { nextCookie } from './exchange.ts';
import type { Fixture } from './fixtures.ts';
import { formatMicroseconds, formatRatio, type Table } from './report.ts';
import { createSessionLibraries } from './session-peers.ts';

const REQUESTS = 20_000;
const RUNS = 5;

/** CPU time, as the two are two processes: the least of a few runs each, in turns, all threads counted. Debian's Go packages stand in /usr/share/gocode. */
export async function measureGorilla(fixture: Fixture): Promise<Table | undefined> {
  const [ours] = createSessionLibraries();
  if (ours === undefined) return undefined;
  const contents = { ...fixture.value, visits: 1 };
  const cookie = nextCookie('', (await ours.visit('', { fill: contents })).setCookies);
  const times: { gorilla: number; ours: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const gorilla = runGorilla(JSON.stringify(fixture.value));
    if (gorilla === undefined) return undefined;
    const start = process.cpuUsage();
    for (let request = 0; request < REQUESTS; request++) await ours.visit(cookie, 'change');
    const { user, system } = process.cpuUsage(start);
    times.push({ gorilla, ours: ((user + system) / REQUESTS) * 1000 });
  }
  const gorilla = Math.min(...times.map((time) => time.gorilla));
  const least = Math.min(...times.map((time) => time.ours));
  return {
    id: 'gorilla',
    title: `gorilla/sessions CookieStore, ${fixture.name} in the session: CPU time of one key read, one changed`,
    columns: ['library', 'µs of CPU', 'cookieStore is'],
    rows: [
      [ours.name, formatMicroseconds(least), formatRatio(1)],
      ['gorilla/sessions CookieStore', formatMicroseconds(gorilla), formatRatio(gorilla / least)],
    ],
  };
}

/** @returns nanoseconds of CPU per request. */
function runGorilla(contents: string): number | undefined {
  const { status, stdout } = spawnSync('go', ['run', '.'], {
    cwd: new URL('gorilla/', import.meta.url),
    env: { GOPATH: '/usr/share/gocode', GO111MODULE: 'off', ...process.env },
    input: contents,
    encoding: 'utf8',
  });
  return status === 0 ? Number(stdout) * 1000 : undefined;
}
