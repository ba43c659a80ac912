/** The comparison's files and pages: the files say what the code does now, and the pages say what the files say. */
import { beforeAll, describe, expect, it } from 'vitest';
import { measureCookieSizes } from '../../bench/cookie-sizes.ts';
import { checkFeatures } from '../../bench/features.ts';
import { read } from '../../support/repository.ts';
import { builtSite } from '../support/built-site.ts';

const results = (name: string) => JSON.parse(read(`test/bench/results/${name}.json`));
const data = (name: string) => JSON.parse(read(`site/src/data/comparison/${name}.json`));

describe('cookie-sizes.json', () => {
  it('holds the sizes that the libraries make now', async () => {
    expect(JSON.parse(JSON.stringify(await measureCookieSizes()))).toEqual(data('cookie-sizes'));
  });
});

describe('features.json', () => {
  it('holds what the libraries do now', async () => {
    expect(await checkFeatures()).toEqual(data('features'));
  });
});

describe('the built pages', { timeout: 300_000 }, () => {
  let comparison = '';
  let races = '';
  beforeAll(async () => {
    await builtSite();
    comparison = read('site/dist/comparison/index.html');
    races = read('site/dist/explanation/why-races-lose-data/index.html');
  }, 240_000);

  it('have every size of cookie-sizes.json', () => {
    for (const { name, characters } of data('cookie-sizes').rows)
      expect(rowOf(comparison, name)).toContain(String(characters));
  });

  it.each([
    ['codec', 'round-trips-M', 1],
    ['codec', 'whole-requests', 1],
    ['codec', 'whole-requests', 5],
  ] as const)('have the rates of %s, %s, column %i', (run, id, column) => {
    const rows = tableOf(run, id).filter(([name]) => !name?.startsWith('floor'));
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(rowsOf(comparison, row[0]).join()).toContain(`>${row[column]}<`);
  });

  it('have the rates of every store', () => {
    for (const engine of ['files', 'SQLite', 'Redis', 'PostgreSQL']) {
      for (const row of tableOf('stores', `store-${engine}`)) {
        const shown = rowsOf(comparison, row[0]).join();
        expect(shown).toContain(`>${row[1]}<`);
        expect(shown).toContain(`>${row[5]}<`);
      }
    }
  });

  it('say when each run was, on what, and whether it was only a look', () => {
    for (const run of ['codec', 'stores']) {
      const { date, machine, quick } = results(run);
      const [, note = ''] = new RegExp(`data-run="${run}"[^>]*>([\\s\\S]*?)</div>`).exec(comparison) ?? [];
      expect(note).toContain(date.slice(0, 10));
      expect(note).toContain(machine);
      expect(note.includes('A short look')).toBe(quick);
    }
  });

  it('answer every feature as features.json does', () => {
    for (const { id, has } of data('features').rows) {
      const [, row = ''] = new RegExp(`<tr[^>]*data-feature="${id}"[^>]*>([\\s\\S]*?)</tr>`).exec(comparison) ?? [];
      const answers = [...row.matchAll(/<td[^>]* class="(yes|no)/g)].map(([, answer]) => answer === 'yes');
      expect(answers, id).toEqual(has);
    }
  });

  it('tell where others are quicker, if they are', () => {
    const rates = new Map(tableOf('codec', 'round-trips-M').map(([row, rate = '']) => [row, rate]));
    const rate = (name: string) => Number(rates.get(name)?.replaceAll(',', ''));
    const isQuicker = rate('@fastify/secure-session') > rate('@sealring/codec, sealed');
    expect(comparison.includes('@fastify/secure-session seals and opens more')).toBe(isQuicker);
  });

  it('have what the races over HTTP found', () => {
    const { rows } = results('races');
    expect(rows.length).toBeGreaterThan(6);
    for (const { name, isOurs, ...found } of rows) {
      const row = rowOf(races, name)
        .replaceAll(/<[^>]*>|\s+/g, ' ')
        .replaceAll(/ +/g, ' ');
      for (const cell of ['pairs', 'reads', 'logouts'])
        expect(row).toContain(`${found[cell].found} of ${found[cell].of}`);
      expect(found.pairs.found === 0 && found.logouts.found === 0, name).toBe(isOurs);
    }
  });

  it('have the race as it ends, before any script runs', () => {
    expect(races).toContain('✗ 1 of 2 updates lost');
    expect(races).toContain('✓ 0 of 2 updates lost');
  });
});

it('site/src/content/docs/comparison.mdx has no measured number of its own', () => {
  const text = read('site/src/content/docs/comparison.mdx').replaceAll(/import .*|run="[^"]*"|table="[^"]*"/g, '');
  expect(text.match(/\b\d[\d,.]*\s*(x|%|ms|µs|kB|KB|bytes|times|per second)\b/g)).toBeNull();
});

function tableOf(run: string, id: string): string[][] {
  const table = results(run).tables.find((each: { id: string }) => each.id === id);
  return table.rows.map((row: readonly unknown[]) => row.map(String));
}

/** The table rows whose heading is this name. */
function rowsOf(html: string, name = ''): string[] {
  return [...html.matchAll(/<tr\b[^>]*>[\s\S]*?<\/tr>/g)]
    .map(([row]) => row)
    .filter((row) => /<th[^>]*>\s*([^<]*?)\s*</.exec(row)?.[1] === name);
}

function rowOf(html: string, name: string): string {
  const [row] = rowsOf(html, name);
  if (row === undefined) throw new Error(`No row named ${name}`);
  return row;
}
