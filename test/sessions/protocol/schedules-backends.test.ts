/** Random schedules of the real code on every backend that has a server or a file behind it, with both kinds of store. */
import './schedules/pauses.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { randomFrom } from '../../codec/support.ts';
import { type BackendSpec, type OpenBackend, openBackend } from '../support/real-backends.ts';
import { missing, useServers } from '../support/servers.ts';
import { combine, EVERY, SMALL } from './requests.ts';
import { exploreSome } from './schedules/explore.ts';
import { COOKIE, type Kind, SERVER } from './schedules/kinds.ts';
import { nameOf, scenariosOf } from './schedules/scenarios.ts';

const SCHEDULES = process.env['SOAK'] ? 2_000 : 250;
/** file() lists by reading every record there is. */
const FILE_SCHEDULES = 250;
vi.stubEnv('NODE_ENV', 'production'); // a schedule that is left off leaves changes that are not saved, which is warned of elsewhere

const LONG = 3_600_000; // milliseconds; on a machine that has nothing else to do it takes seconds, and minutes under SOAK

const directory = mkdtempSync(join(tmpdir(), 'sealring-schedules-'));
const { redisAt, postgresAt } = useServers();

afterAll(() => rmSync(directory, { recursive: true }));

interface Case {
  readonly kind: BackendSpec['kind'];
  readonly lacks: string | undefined;
  at(): string;
}

const onDisk = { lacks: undefined, at: () => directory };
const inRedis = { lacks: missing('redis'), at: redisAt };
const inPostgres = { lacks: missing('postgres'), at: postgresAt };

const CASES: readonly Case[] = [
  { kind: 'file', ...onDisk },
  { kind: 'sqlite, node:sqlite', ...onDisk },
  { kind: 'sqlite, better-sqlite3', ...onDisk },
  { kind: 'redis, node-redis', ...inRedis },
  { kind: 'redis, ioredis', ...inRedis },
  { kind: 'postgres, pg', ...inPostgres },
  { kind: 'postgres, postgres.js', ...inPostgres },
];

describe.each(CASES)('$kind', ({ kind, lacks, at }) => {
  let opened: OpenBackend | undefined;
  beforeAll(async () => {
    if (lacks === undefined) opened = await openBackend({ kind, at: at() });
  });
  afterAll(() => opened?.close());

  it.skipIf(lacks).each([SERVER, COOKIE])('keeps every promise: $name', { timeout: LONG }, async (store: Kind) => {
    if (opened === undefined) throw new Error('It is not open');
    const scenarios = [...combine(EVERY, 2), ...combine(SMALL, 3)].flatMap((requests) => [
      ...scenariosOf(store, [requests], { faults: 1 }),
      ...scenariosOf(store, [requests], { faults: 1, isSpread: false }),
    ]);
    const first = Number(process.env['SEED'] ?? 1);
    const schedules = kind === 'file' ? FILE_SCHEDULES : SCHEDULES;
    for (let seed = first; seed < first + schedules; seed++) {
      const scenario = scenarios[Math.floor(randomFrom(seed)() * scenarios.length)];
      if (scenario === undefined) throw new Error('There is no scenario');
      const { broken } = await exploreSome(scenario, 1, seed, [opened.backend]);
      expect(broken, nameOf(scenario)).toBeUndefined();
    }
  });
});
