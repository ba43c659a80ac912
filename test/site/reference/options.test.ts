/** The page of options: every option of the sources and no other, with its default, and the message that a wrong value brings. */
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../../support/repository.ts';
import { interfacesOf, optionsOf } from './declarations.ts';
import { readSections, sectionOf } from './page.ts';
import { messageOf, wrong } from './wrong-options.ts';

/** Heading -> the interfaces whose options stand under it. */
const documented: Readonly<Record<string, readonly [path: string, name: string][]>> = {
  'createSealer()': [['codec/src/sealer.ts', 'SealerOptions']],
  Limits: [['codec/src/limits.ts', 'Limits']],
  'seal()': [['codec/src/sealer.ts', 'SealOptions']],
  'open()': [['codec/src/sealer.ts', 'OpenOptions']],
  'Every store': [['sessions/src/settings.ts', 'StoreOptions']],
  'cookieStore()': [['sessions/src/cookie-store.ts', 'CookieStoreOptions']],
  'serverStore()': [['sessions/src/server-store.ts', 'ServerStoreOptions']],
  cookie: [['sessions/src/attributes.ts', 'CookieOptions']],
  'get()': [['sessions/src/carrier.ts', 'GetOptions']],
  'defineSession()': [['sessions/src/define.ts', 'SessionDefinition']],
  'revokeAll()': [['sessions/src/carrier.ts', 'RevokeOptions']],
  'memory()': [['sessions/src/backends/memory.ts', 'MemoryOptions']],
  'cached()': [['sessions/src/backends/cached.ts', 'CachedOptions']],
  'file()': [['sessions/src/backends/file.ts', 'FileOptions']],
  'sqlite()': [['sessions/src/backends/sqlite.ts', 'SqliteOptions']],
  'redis()': [['sessions/src/redis.ts', 'RedisOptions']],
  'postgres()': [
    ['sessions/src/postgres.ts', 'PostgresOptions'],
    ['sessions/src/postgres/table.ts', 'PostgresMigrationOptions'],
  ],
  'unstorage() and keyv()': [
    ['sessions/src/key-value/options.ts', 'KeyValueOptions'],
    ['sessions/src/unstorage.ts', 'UnstorageOptions'],
    ['sessions/src/keyv.ts', 'KeyvOptions'],
  ],
  'toUnstorage()': [['sessions/src/key-value/driver.ts', 'ToUnstorageOptions']],
  'fromExpressStore()': [['sessions/src/express-session/from-store.ts', 'FromExpressStoreOptions']],
  'toExpressStore()': [['sessions/src/express-session/to-store.ts', 'ExpressStoreOptions']],
};

/** Said in a sentence: the backends' own `set`, what a session shows as `options`, and what `authenticate` takes of `open`. */
const elsewhere = ['SetOptions', 'SessionOptions', 'AuthenticateOptions'];

const MESSAGE = 'a wrong value says, for example';
const page = readSections('options.md');
const messages = page.flatMap(({ heading, rows }) =>
  rows.flatMap(({ name, cells }) => {
    const shown = cells.get(MESSAGE)?.replaceAll('`', '');
    return shown ? [{ heading, option: name, shown }] : [];
  }),
);

describe('the page of options', () => {
  it.each(Object.entries(documented))('%s has every option and no other', (heading, interfaces) => {
    const names = interfaces.flatMap(([path, name]) =>
      optionsOf(`packages/${path}`, name).map((option) => option.name),
    );
    const shown = sectionOf(page, heading).rows.map(({ name }) => name);
    expect([...shown].sort()).toEqual(names.sort());
  });

  it.each(Object.entries(documented))('%s says the default of the docstring', (heading, interfaces) => {
    const { rows } = sectionOf(page, heading);
    for (const option of interfaces.flatMap(([path, name]) => optionsOf(`packages/${path}`, name))) {
      const shown = rows.find(({ name }) => name === option.name)?.cells.get('default');
      if (shown === 'see there') continue; // a section of its own
      expect(shown, option.name).toContain(option.default ?? '');
    }
  });

  it('leaves out no interface with options', () => {
    const paths = globSync('packages/{codec,sessions}/src/**/*.ts', { cwd: at('') });
    const found = paths.flatMap((path) => interfacesOf(path).map((node) => node.id.name));
    const options = found.filter((name) => name.endsWith('Options')).sort();
    const known = Object.values(documented).flatMap((interfaces) => interfaces.map(([, name]) => name));
    const expected = [...known, ...elsewhere].filter((name) => name.endsWith('Options'));
    expect(options).toEqual(expected.sort());
  });

  it.each(messages)('$heading: a wrong $option brings the message shown', async ({ heading, option, shown }) => {
    const attempt = wrong[heading];
    if (attempt === undefined || !(option in attempt.values)) throw new Error('This test has no wrong value for it');
    expect(await messageOf(() => attempt.make(attempt.values[option]))).toContain(shown);
  });

  it('shows the message of every wrong value that is tried', () => {
    const tried = Object.entries(wrong).flatMap(([heading, { values }]) =>
      Object.keys(values).map((option) => `${heading} ${option}`),
    );
    expect(messages.map(({ heading, option }) => `${heading} ${option}`).sort()).toEqual(tried.sort());
  });
});
