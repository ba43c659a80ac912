/** Unmodified applications over real HTTP: with our store no update is lost and no logout undone; with the stores they have, both happen. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fastifySession from '@fastify/session';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toExpressStore } from '../../../../packages/sessions/src/backends/express-session.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { secret } from '../../../codec/support.ts';
import { type RaceRow, writeRaces } from '../../support/race-results.ts';
import { missing, startRedis, type TestServer } from '../../support/servers.ts';
import { type App, deferred, expressApp, fastifyApp, finished, hold, look, set, type Visitor } from './support/apps.ts';

const LONG = 600_000; // milliseconds; seconds on a machine that has nothing else to do

interface Stack {
  readonly name: string;
  readonly isSafe: boolean;
  /** Whether a request that only reads writes nothing, although the store is not safe. */
  readonly isQuietReader?: boolean;
  readonly needsRedis?: boolean;
  /** Pairs of writes, writes that a reader overlaps, logouts. Where something is to be found a few are enough. */
  readonly counts: readonly [pairs: number, reads: number, logouts: number];
  open(): Promise<App>;
}

const ALL = [1000, 300, 200] as const;
const FEW = [100, 50, 50] as const;

let conflicts = 0;
let gone = 0;
const options = {
  keys: [secret(1)],
  onEvent({ type }: { type: string }) {
    if (type === 'conflict') conflicts++;
    if (type === 'gone') gone++;
  },
};
const lazy = { saveUninitialized: false };

const rows: RaceRow[] = [];

let server: TestServer | undefined;
const client = { current: createClient() };
const openRedis = async () => {
  server ??= await startRedis();
  if (client.current.isOpen) return client.current;
  client.current = createClient({ url: `redis://127.0.0.1:${server.port}` });
  await client.current.connect();
  return client.current;
};
afterAll(async () => {
  if (client.current.isOpen) await client.current.close();
  await server?.remove();
  writeRaces(rows);
});

const stacks: readonly Stack[] = [
  {
    name: 'express-session with resave on our store',
    isSafe: true,
    counts: ALL,
    open: () =>
      expressApp({ ...lazy, resave: true, store: toExpressStore(memory(), { ...options, Store: session.Store }) }),
  },
  {
    name: 'express-session without resave on our store',
    isSafe: true,
    counts: ALL,
    open: () =>
      expressApp({ ...lazy, resave: false, store: toExpressStore(memory(), { ...options, Store: session.Store }) }),
  },
  {
    name: '@fastify/session on our store',
    isSafe: true,
    counts: ALL,
    open: () => fastifyApp({ ...lazy, store: toExpressStore(memory(), options) }),
  },
  {
    name: 'express-session with resave on its MemoryStore',
    isSafe: false,
    counts: FEW,
    open: () => expressApp({ ...lazy, resave: true, store: new session.MemoryStore() }),
  },
  {
    name: 'express-session without resave on its MemoryStore',
    isSafe: false,
    isQuietReader: true,
    counts: FEW,
    open: () => expressApp({ ...lazy, resave: false, store: new session.MemoryStore() }),
  },
  {
    name: 'express-session with resave on connect-redis',
    isSafe: false,
    needsRedis: true,
    counts: FEW,
    open: async () => {
      const store: unknown = new RedisStore({ client: await openRedis(), prefix: 'express:' });
      return expressApp({ ...lazy, resave: true, store: store as session.Store }); // trust boundary: it is one, by the package's own types
    },
  },
  {
    name: '@fastify/session on its MemoryStore',
    isSafe: false,
    counts: FEW,
    open: () => fastifyApp({ ...lazy, store: new fastifySession.MemoryStore() }),
  },
  {
    name: '@fastify/session on connect-redis',
    isSafe: false,
    needsRedis: true,
    counts: FEW,
    open: async () => fastifyApp({ ...lazy, store: new RedisStore({ client: await openRedis(), prefix: 'fastify:' }) }),
  },
];

describe.each(stacks)(
  '$name',
  ({ name, isSafe, isQuietReader = isSafe, needsRedis, counts: [pairs, reads, logouts], open }) => {
    const isMissing = needsRedis && missing('redis') !== undefined;
    const row: RaceRow = { name, isOurs: isSafe };
    if (!isMissing) rows.push(row);
    let app: App;
    beforeAll(async () => {
      if (!isMissing) app = await open();
    });
    afterAll(() => app?.close());

    it.skipIf(isMissing)(`keeps what ${pairs} pairs of parallel requests set`, { timeout: LONG }, async () => {
      const visitor = await login(app);
      const before = conflicts;
      let lost = 0;
      for (let pair = 1; pair <= pairs; pair++) {
        const meet = pair % 2 === 0 ? meeting(2) : nextTurn; // both have loaded before one saves; or as it comes
        const change = (key: string) =>
          visitor.copy().visit(async (request) => {
            request.session[key] = pair;
            await meet();
            return 'set';
          });
        const answers = await Promise.all([change('one'), change('other')]);
        expect(answers.map(({ body }) => body)).toStrictEqual(['set', 'set']);
        const { one, other } = Object(await look(visitor));
        if (one !== pair || other !== pair) lost++;
      }
      console.log(`${name}: ${lost} of ${pairs} pairs lost an update; ${conflicts - before} conflicts`);
      if (isSafe) expect(conflicts - before).toBeGreaterThan(0); // or nothing has been tested
      row.pairs = { of: pairs, found: lost };
      expectNone(isSafe, lost);
    });

    it.skipIf(isMissing)(`keeps ${reads} writes that a slow reader overlaps`, { timeout: LONG }, async () => {
      const visitor = await login(app);
      let clobbered = 0;
      for (let write = 1; write <= reads; write++) {
        const reader = hold(visitor, ({ session }) => session['n']);
        await reader.isHeld;
        await visitor.copy().visit(({ session }) => {
          session['n'] = write;
        });
        await reader.letGo();
        if (Object(await look(visitor)).n !== write) clobbered++;
      }
      console.log(`${name}: ${clobbered} of ${reads} writes clobbered by a slow reader`);
      row.reads = { of: reads, found: clobbered };
      expectNone(isQuietReader, clobbered);
    });

    it.skipIf(isMissing)(`lets ${logouts} logouts win over a slow writer and reader`, { timeout: LONG }, async () => {
      const before = gone;
      let undone = 0;
      for (let logout = 0; logout < logouts; logout++) {
        const visitor = await login(app);
        const writer = hold(visitor, ({ session }) => {
          session['late'] = 'yes';
        });
        const reader = hold(visitor, ({ session }) => session['n']);
        await Promise.all([writer.isHeld, reader.isHeld]);
        await visitor.copy().visit(({ session }) => finished((done) => session.destroy(done)));
        await Promise.all([writer.letGo(), reader.letGo()]);
        const after = Object(await look(visitor));
        if ('since' in after || 'late' in after) undone++;
      }
      console.log(`${name}: ${undone} of ${logouts} logouts undone`);
      if (isSafe) expect(gone - before).toBeGreaterThanOrEqual(logouts); // each writer was told off
      row.logouts = { of: logouts, found: undone };
      expectNone(isSafe, undone);
    });
  },
);

/** A visitor with a session of one key. */
async function login(app: App): Promise<Visitor> {
  const visitor = app.visitor();
  await set(visitor, { since: 'now' });
  return visitor;
}

/** Resolves when it was called `count` times. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = deferred();
  let here = 0;
  return () => {
    if (++here === count) resolve();
    return promise;
  };
}

/** The races must not pass where there is something to find. */
function expectNone(isSafe: boolean, found: number): void {
  if (isSafe) expect(found).toBe(0);
  else expect(found).toBeGreaterThan(0);
}
