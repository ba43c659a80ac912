/** The page of options: every option of the sources and no other, with its default, and the message that a wrong value brings. */
import { describe, expect, it } from 'vitest';
import { optionsOf } from './declarations.ts';
import { readEntries } from './entries.ts';
import { readSections, sectionOf } from './page.ts';
import { messageOf, wrong } from './wrong-options.ts';

/** Heading -> the interfaces whose options stand under it. */
const documented: Readonly<Record<string, readonly [path: string, name: string][]>> = {
  'createSealer()': [['codec/src/sealer/interface.ts', 'SealerOptions']],
  Limits: [['codec/src/limits.ts', 'Limits']],
  'seal()': [['codec/src/sealer/interface.ts', 'SealOptions']],
  'open()': [['codec/src/sealer/interface.ts', 'OpenOptions']],
  'Every store': [
    ['sessions/src/store/setup.ts', 'StoreOptions'],
    ['sessions/src/store/events.ts', 'EventHooks'],
  ],
  'cookieStore()': [['sessions/src/store/cookie-store.ts', 'CookieStoreOptions']],
  'serverStore()': [['sessions/src/store/server-store.ts', 'ServerStoreOptions']],
  cookie: [['sessions/src/cookie/attributes.ts', 'CookieOptions']],
  'defineSession()': [['sessions/src/store/define.ts', 'SessionDefinition']],
  'session.options': [['sessions/src/session/session.ts', 'SessionOptions']],
  'withSessions()': [['sessions/src/response/save.ts', 'WithSessionsOptions']],
  'sessions()': [['sessions/src/adapters/express.ts', 'SessionsOptions']],
  'commitSession()': [['sessions/src/adapters/react-router/storage.ts', 'CommitOptions']],
  'revokeAll()': [['sessions/src/store/store.ts', 'RevokeOptions']],
  'memory()': [['sessions/src/backends/memory.ts', 'MemoryOptions']],
  'cached()': [['sessions/src/backends/cached.ts', 'CachedOptions']],
  'file()': [['sessions/src/backends/file.ts', 'FileOptions']],
  'sqlite()': [['sessions/src/backends/sqlite.ts', 'SqliteOptions']],
  'redis()': [['sessions/src/backends/redis.ts', 'RedisOptions']],
  'postgres()': [
    ['sessions/src/backends/postgres.ts', 'PostgresOptions'],
    ['sessions/src/backends/postgres/table.ts', 'PostgresMigrationOptions'],
  ],
  'unstorage() and keyv()': [
    ['sessions/src/backends/key-value/options.ts', 'KeyValueOptions'],
    ['sessions/src/backends/unstorage.ts', 'UnstorageOptions'],
    ['sessions/src/backends/keyv.ts', 'KeyvOptions'],
  ],
  'toUnstorage()': [['sessions/src/backends/key-value/driver.ts', 'ToUnstorageOptions']],
  'fromExpressStore()': [['sessions/src/backends/express-session/from-store.ts', 'FromExpressStoreOptions']],
  'toExpressStore()': [['sessions/src/backends/express-session/store-options.ts', 'ExpressStoreOptions']],
};

/** Said in a sentence: the backends' own `set`, what `authenticate` takes of `open`, and the type of the option `keys`. */
const elsewhere = ['SetOptions', 'AuthenticateOptions', 'KeyOptions'];

/** Exported under the names of those that extend it. */
const SHARED = 'KeyValueOptions';

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

  it('leaves out no options that the packages export', () => {
    const entries = readEntries().filter(({ name }) => name !== '@sealring/inspect');
    const names = entries.flatMap(({ exports }) => exports.map(({ name }) => name));
    const options = new Set(names.filter((name) => name.endsWith('Options')));
    const known = Object.values(documented).flatMap((interfaces) => interfaces.map(([, name]) => name));
    const shown = [...known, ...elsewhere].filter((name) => name.endsWith('Options') && name !== SHARED);
    expect([...options].sort()).toEqual(shown.sort());
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
