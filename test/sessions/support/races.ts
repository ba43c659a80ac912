/** Requests of one session that overlap, over real HTTP: no update is lost, no logout undone. For every backend, and for what loses both. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { Browser, secret } from '../support.ts';
import type { RacedSession } from './last-writer-wins.ts';
import { type Answer, type Server, serve } from './over-http.ts';

const PAIRS = 1000;
const WRITES = 300;
const LOGOUTS = 200;
const FLASHES = 100;
const LONG = 600_000; // milliseconds; seconds on a machine that has nothing else to do

/** A store behind the handler. */
export interface Raced {
  readonly isSafe: boolean;
  /** @returns the Cookie header of a new session. */
  create(): Promise<string>;
  get(request: IncomingMessage): Promise<RacedSession>;
  save(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The session as the next request finds it; undefined when there is none. */
  look(cookie: string): Promise<RacedSession | undefined>;
  /** How many writes met another's. */
  conflicts(): number;
  toString(): string;
}

/** Declares the races as tests of the present `describe`. */
export function declareRaces(raced: Raced): void {
  /** Requests that wait until the race lets them go on. */
  const held: (() => void)[] = [];
  let server: Server;
  beforeAll(async () => {
    server = await serve(async (request, response, parameters) => {
      const session = await raced.get(request);
      change(session, parameters);
      const pause = parameters.get('wait');
      if (pause === 'turn') await nextTurn();
      else if (pause === 'until let go') await new Promise<void>((resolve) => held.push(resolve));
      else await wait(Number(pause));
      await raced.save(request, response);
      response.end('saved');
    });
  });
  afterAll(() => server.close());

  /** Starts requests that are held when this is done: they have their session and have not saved it. */
  async function hold(cookie: string, ...requests: Record<string, string>[]): Promise<() => Promise<Answer[]>> {
    const answers = requests.map((parameters) => server.call({ ...parameters, wait: 'until let go' }, cookie));
    while (held.length < requests.length) await nextTurn();
    return () => {
      for (const letGo of held.splice(0)) letGo();
      return Promise.all(answers);
    };
  }

  function report(text: string): void {
    console.log(`${raced}: ${text}`);
  }

  it.each([
    ['a turn', 'turn'],
    ['2 ms', '2'],
  ])(
    'keeps what 1000 pairs of requests set under different keys, each within %s',
    { timeout: LONG },
    async (name, pause) => {
      const cookie = await raced.create();
      const before = raced.conflicts();
      let lost = 0;
      for (let pair = 1; pair <= PAIRS; pair++) {
        const value = String(pair);
        const both = ['one', 'other'].map((key) => server.call({ do: 'set', key, value, wait: pause }, cookie));
        expect((await Promise.all(both)).map(({ body }) => body)).toStrictEqual(['saved', 'saved']);
        const session = await raced.look(cookie);
        if (session?.get('one') !== value || session.get('other') !== value) lost++;
      }
      const conflicts = raced.conflicts() - before;
      report(`${lost} of ${PAIRS} pairs lost an update with ${name} between get and save; ${conflicts} conflicts`);
      if (raced.isSafe) expect(conflicts).toBeGreaterThan(0); // or nothing has been tested
      expectNone(raced, lost);
    },
  );

  it('counts 2000 where 1000 pairs of requests count one up each', { timeout: LONG }, async () => {
    const cookie = await raced.create();
    for (let pair = 0; pair < PAIRS; pair++) {
      const both = await Promise.all([1, 2].map(() => server.call({ do: 'increment', wait: 'turn' }, cookie)));
      expect(both.map(({ body }) => body)).toStrictEqual(['saved', 'saved']);
    }
    const count = Number((await raced.look(cookie))?.get('n'));
    report(`${count} counted of ${2 * PAIRS}`);
    expectNone(raced, 2 * PAIRS - count);
  });

  it('keeps 300 writes that a slow reader overlaps', { timeout: LONG }, async () => {
    const cookie = await raced.create();
    let clobbered = 0;
    for (let write = 1; write <= WRITES; write++) {
      const letReaderGo = await hold(cookie, { do: 'read' });
      await server.call({ do: 'set', key: 'n', value: String(write), wait: '0' }, cookie);
      await letReaderGo();
      if ((await raced.look(cookie))?.get('n') !== String(write)) clobbered++;
    }
    report(`${clobbered} of ${WRITES} writes clobbered by a slow reader`);
    expectNone(raced, clobbered);
  });

  it('lets 200 logouts win over a slow writer and a slow reader', { timeout: LONG }, async () => {
    let undone = 0;
    for (let logout = 0; logout < LOGOUTS; logout++) {
      const cookie = await raced.create();
      const slow = [{ do: 'set', key: 'late', value: 'yes' }, { do: 'read' }];
      if (logout % 2 === 0) {
        const letGo = await hold(cookie, ...slow);
        await server.call({ do: 'destroy', wait: '0' }, cookie);
        await letGo();
      } else {
        const answers = slow.map((parameters) => server.call({ ...parameters, wait: '1' }, cookie));
        await Promise.all([...answers, server.call({ do: 'destroy', wait: 'turn' }, cookie)]);
      }
      if ((await raced.look(cookie)) !== undefined) undone++;
    }
    report(`${undone} of ${LOGOUTS} logouts undone`);
    expectNone(raced, undone);
  });

  it('keeps both flash messages of two requests', { timeout: LONG }, async () => {
    let lost = 0;
    for (let pair = 0; pair < FLASHES; pair++) {
      const cookie = await raced.create();
      await Promise.all(['one', 'other'].map((value) => server.call({ do: 'flash', value, wait: 'turn' }, cookie)));
      const flashes = (await raced.look(cookie))?.peekFlashes().toSorted();
      if (flashes?.join() !== 'one,other') lost++;
    }
    report(`${lost} of ${FLASHES} pairs lost a flash message`);
    expectNone(raced, lost);
  });
}

function change(session: RacedSession, parameters: URLSearchParams): void {
  const value = parameters.get('value') ?? '';
  switch (parameters.get('do')) {
    case 'set':
      session.set(parameters.get('key') ?? '', value);
      break;
    case 'increment':
      session.update('n', (n = 0) => n + 1);
      break;
    case 'flash':
      session.addFlash(value);
      break;
    case 'destroy':
      session.destroy();
      break;
    default:
      session.get('n');
  }
}

/** The races must not pass where there is something to find. */
function expectNone({ isSafe }: Raced, lost: number): void {
  if (isSafe) expect(lost).toBe(0);
  else expect(lost).toBeGreaterThan(0);
}

/** A server store of ours with this backend. */
export function ours(name: string, backend: Backend): Raced {
  let conflicts = 0;
  const onEvent = ({ type }: { type: string }) => {
    if (type === 'conflict') conflicts++;
  };
  const store = serverStore({ keys: [secret(1)], backend, onEvent });
  return {
    isSafe: true,
    create: async () => {
      const browser = new Browser();
      await browser.visit(async (request) => {
        (await store.get(request, 'a')).set('since', 'now');
        return save(request, new Response());
      });
      return [...browser.cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; ');
    },
    get: (request) => store.get(request, 'a'),
    save: (request, response) => save(request, response),
    look: async (cookie) => {
      const session = await store.get({ headers: { cookie } }, 'a');
      return session.isNew ? undefined : session;
    },
    conflicts: () => conflicts,
    toString: () => `serverStore() with ${name}`,
  };
}
