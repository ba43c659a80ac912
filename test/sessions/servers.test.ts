/** Every backend that has a server or a file behind it: the races, four processes on one session, and what a dump of it shows. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@sealring/codec';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { save } from '../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../packages/sessions/src/store/server-store.ts';
import { built } from '../support/repository.ts';
import { declareRaces, ours, type Raced } from './support/races.ts';
import { type BackendSpec, type OpenBackend, openBackend } from './support/real-backends.ts';
import { missing, useServers } from './support/servers.ts';
import { killProcesses, TalkingProcess } from './support/talking-process.ts';

const PROCESSES = 4;
const TIMES = 250;

const directory = mkdtempSync(join(tmpdir(), 'sealring-servers-'));
const { redisAt, postgresAt } = useServers();

beforeAll(() => {
  built('packages/codec/dist/index.js'); // the processes import it by its name
});
afterAll(async () => {
  await killProcesses();
  rmSync(directory, { recursive: true });
});

interface Case {
  readonly kind: BackendSpec['kind'];
  readonly lacks: string | undefined;
  place(): string;
  /** All that someone reads who steals it, as text in which every byte is a character. */
  dump(): Promise<string>;
}

const inRedis = { lacks: missing('redis'), place: redisAt, dump: () => dumpRedis() };
const inPostgres = { lacks: missing('postgres'), place: postgresAt, dump: () => dumpPostgres() };
const onDisk = { lacks: undefined, place: () => directory, dump: async () => dumpFiles() };
const cases: readonly Case[] = [
  { kind: 'file', ...onDisk },
  { kind: 'sqlite, node:sqlite', ...onDisk },
  { kind: 'sqlite, better-sqlite3', ...onDisk },
  { kind: 'redis, node-redis', ...inRedis },
  { kind: 'redis, ioredis', ...inRedis },
  { kind: 'redis, iovalkey', ...inRedis },
  { kind: 'redis behind cached(memory())', ...inRedis },
  { kind: 'postgres, pg', ...inPostgres },
  { kind: 'postgres, postgres.js', ...inPostgres },
];

describe.each(cases.filter(({ kind }) => kind !== 'file'))('races: $kind', ({ kind, lacks, place }) => {
  let open: OpenBackend;
  const raced: { current?: Raced } = {};
  beforeAll(async () => {
    if (lacks !== undefined) return;
    open = await openBackend({ kind, at: place() });
    raced.current = ours(kind, open.backend);
  });
  afterAll(() => open?.close());
  const race = (): Raced => raced.current ?? ours('nothing', open.backend);
  describe.skipIf(lacks)('over HTTP', () => {
    declareRaces({
      isSafe: true,
      create: () => race().create(),
      get: (request) => race().get(request),
      save: (request, response) => race().save(request, response),
      look: (cookie) => race().look(cookie),
      conflicts: () => race().conflicts(),
      toString: () => `serverStore() with ${kind}`,
    });
  });
});

describe.each(cases)('four processes: $kind', ({ kind, lacks, place }) => {
  it.skipIf(lacks)('count exactly 1000 where each counts up 250 times', { timeout: 600_000 }, async () => {
    const spec: BackendSpec = { kind, at: place() };
    const key = generateKey();
    const { backend, close } = await openBackend(spec);
    const store = serverStore({ keys: [key], backend });
    const first = new Request('https://example.org/');
    (await store.get(first, 'a')).set('n', 0);
    const [line = ''] = (await save(first, new Response())).headers.getSetCookie();
    const cookie = line.replace(/;.*/, '');

    const args = [JSON.stringify(spec), key, cookie, String(TIMES)];
    const children = Array.from({ length: PROCESSES }, () => new TalkingProcess('session-process.ts', ...args));
    await Promise.all(children.map((child) => child.ready()));
    const startedAt = performance.now();
    const said = await Promise.all(children.map(async (child) => (await child.run())[0]?.split(' ').map(Number) ?? []));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    await close();

    const again = await openBackend(spec);
    const session = await serverStore({ keys: [key], backend: again.backend }).get({ headers: { cookie } }, 'a');
    await again.close();
    const conflicts = said.reduce((sum, [number = 0]) => sum + number, 0);
    const repeats = said.reduce((sum, [, number = 0]) => sum + number, 0);
    const count = session.get('n');
    console.log(
      `${kind}: ${count} counted of ${PROCESSES * TIMES} in ${seconds} s; ${conflicts} conflicts, ${repeats} given up`,
    );
    expect(count).toBe(PROCESSES * TIMES);
    expect(conflicts).toBeGreaterThan(0); // or nothing has been tested
  });
});

describe.each(cases)('a dump: $kind', ({ kind, lacks, place, dump }) => {
  it.skipIf(lacks)('shows no value, no token, no subject and no id of the cookie', async () => {
    const { backend, close } = await openBackend({ kind, at: place() });
    const store = serverStore({ keys: [generateKey()], backend });
    const request = new Request('https://example.org/');
    const session = await store.get(request, 'dumped');
    session.set('secret-key-name', 'a-value-that-is-looked-for').addFlash('a-message-that-is-looked-for');
    await session.login('subject-that-is-looked-for@example.org');
    const [line = ''] = (await save(request, new Response())).headers.getSetCookie();
    const token = /=([^;]+)/.exec(line)?.[1] ?? '';
    const dumped = await dump();
    await close();
    expect(dumped.length).toBeGreaterThan(300);
    expect(token.length).toBeGreaterThan(60);
    const found = ['looked-for', 'secret-key-name', 'dumped', token, token.slice(8, 40)].filter((text) =>
      dumped.includes(text),
    );
    expect(found).toStrictEqual([]);
    if (kind !== 'file') expect(dumped).toContain(session.id); // or the dump is of something else; files are named by a hash of it
  });
});

function dumpFiles(): string {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  return paths.map((path) => path + (statSync(path).isFile() ? readFileSync(path, 'latin1') : '')).join('\n');
}

/** The file that Redis writes for backups, uncompressed, so that what is in it can be found. */
async function dumpRedis(): Promise<string> {
  const client = new Redis(Number(redisAt()));
  await client.config('SET', 'rdbcompression', 'no');
  await client.save();
  const [, folder = ''] = await client
    .config('GET', 'dir')
    .then((answer) => (Array.isArray(answer) ? answer.map(String) : []));
  client.disconnect();
  return readFileSync(join(folder, 'dump.rdb'), 'latin1');
}

async function dumpPostgres(): Promise<string> {
  const client = new pg.Client({ connectionString: postgresAt() });
  await client.connect();
  await client.query('CHECKPOINT');
  const { rows } = await client.query<{ row: string; data: Buffer }>(
    'SELECT to_json(s)::text AS row, data FROM sealring_sessions s',
  );
  await client.end();
  return rows.map(({ row, data }) => row + data.toString('latin1')).join('\n');
}
