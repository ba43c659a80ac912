/** Requests over node:http: a server process for each library, driven by 16 connections from here; CPU time of the server per request. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { atLeast, type Bound } from './bounds.ts';
import { nextCookie } from './exchange.ts';
import type { Fixture } from './fixtures.ts';
import { createRandom, Times } from './measure.ts';
import { formatMicroseconds, formatRatio, type Table } from './report.ts';

const CONNECTIONS = 16;
const SERVERS = ['cookieStore', 'cookie-session', 'memory()', 'MemoryStore'] as const;
type ServerName = (typeof SERVERS)[number];

interface Server {
  readonly name: ServerName;
  readonly child: ChildProcess;
  readonly port: number;
  readonly agent: Agent;
  cookie: string;
}

/** Times every server in turn, in rounds; each request reads the session and changes it. */
export async function measureHttp(
  { name, value }: Fixture,
  quick: boolean,
): Promise<{ table: Table; bounds: Bound[] }> {
  const [rounds, requests] = quick ? [3, 2_000] : [9, 6_000];
  const servers = await Promise.all(SERVERS.map(start));
  for (const server of servers) {
    server.cookie = nextCookie('', await ask(server, { ...value, visits: 1 }));
    await drive(server, 3 * requests); // warm
  }
  const times = new Map<string, number[]>(SERVERS.map((server) => [server, []]));
  const random = createRandom(11);
  for (let round = 0; round < rounds; round++) {
    for (const server of servers.toSorted(() => random() - 0.5)) {
      const before = await cpu(server);
      await drive(server, requests);
      times.get(server.name)?.push(((await cpu(server)) - before) / requests);
    }
  }
  for (const { child, agent } of servers) {
    agent.destroy();
    child.kill();
  }
  const measured = new Times(times);
  const ratio = (ours: ServerName, theirs: ServerName) => measured.ratio([theirs], [ours]);
  return {
    table: {
      id: 'http',
      title: `Over node:http, ${CONNECTIONS} connections, ${name} in the session, one value changed: CPU of the server`,
      columns: ['library', 'µs', 'spread', 'cookieStore is', 'memory() is'],
      rows: SERVERS.map((server) => [
        server,
        formatMicroseconds(measured.ns(server)),
        `${Math.round(100 * measured.spread(server))}%`,
        formatRatio(ratio('cookieStore', server)),
        formatRatio(ratio('memory()', server)),
      ]),
    },
    bounds: [
      atLeast(1.2, 'over node:http, cookieStore against cookie-session', ratio('cookieStore', 'cookie-session')),
      atLeast(0.9, 'over node:http, memory() against express-session’s MemoryStore', ratio('memory()', 'MemoryStore')),
    ],
  };
}

async function start(name: ServerName): Promise<Server> {
  const program = fileURLToPath(new URL('http-process.ts', import.meta.url));
  const child = fork(program, [name], { execArgv: ['--single-threaded-gc'] });
  const [port] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return { name, child, port: Number(port), agent, cookie: '' };
}

/** CPU nanoseconds that the server has used so far. */
async function cpu({ child }: Server): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  const [nanoseconds] = await answer;
  return Number(nanoseconds);
}

async function drive(server: Server, requests: number): Promise<void> {
  let left = requests;
  const work = async () => {
    while (left-- > 0) await ask(server);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

/** One request. @param fill what a new session gets. @returns the Set-Cookie lines. */
function ask({ port, agent, cookie }: Server, fill?: object): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(cookie !== '' && { cookie }),
      ...(fill && { 'x-fill': JSON.stringify(fill) }),
      'x-forwarded-proto': 'https',
    };
    const sent = request({ host: '127.0.0.1', port, agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.headers['set-cookie'] ?? []));
    });
    sent.once('error', reject);
    sent.end();
  });
}
