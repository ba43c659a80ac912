/** Routes that do the same with one session library or another -> requests per second, and what each costs the server. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as startRequest } from 'node:http';

export interface Measured {
  /** The middle of the rounds. */
  readonly perSecond: number;
  /** Processor time of the server for a request, garbage collection included: over all rounds, in microseconds. */
  readonly cost: number;
}

const ROUNDS = 20;
const ROUND = 300; // milliseconds
const SIDE_BY_SIDE = 8;
const TICK = 10_000; // microseconds in which Linux counts processor time

/** What a route has done in one round. */
interface Round {
  readonly requests: number;
  readonly seconds: number;
  readonly ticks: number;
}

/** In turns, so that whatever else the machine does slows all of them down. @param group the process group of the server. */
export async function measure(url: string, group: number, routes: readonly string[]): Promise<Map<string, Measured>> {
  const agent = new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE });
  const cookies = new Map<string, string>();
  for (const route of routes) cookies.set(route, cookieOf(await fetch(url + route)));
  const rounds = new Map<string, Round[]>(routes.map((route) => [route, []]));
  for (let round = -3; round < ROUNDS; round++) {
    for (const route of routes) {
      const before = workOf(group);
      const start = performance.now();
      const requests = await sendMany(agent, new URL(url + route), cookies.get(route) ?? '');
      const seconds = (performance.now() - start) / 1000;
      if (round < 0) continue; // the first ones are for the compiler
      rounds.get(route)?.push({ requests, seconds, ticks: workOf(group) - before });
    }
  }
  agent.destroy();
  return new Map([...rounds].map(([route, all]) => [route, summed(all)]));
}

function cookieOf({ headers }: Response): string {
  const pairs = headers.getSetCookie().map((line) => line.split(';')[0]);
  return pairs.join('; ');
}

async function sendMany(agent: Agent, url: URL, cookie: string): Promise<number> {
  const end = performance.now() + ROUND;
  let sent = 0;
  const worker = async () => {
    for (; performance.now() < end; sent++) await send(agent, url, cookie);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return sent;
}

function send(agent: Agent, url: URL, cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = startRequest(url, { agent, headers: { cookie } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url.pathname} answers ${response.statusCode}`));
      response.resume().once('end', resolve);
    });
    sent.once('error', reject).end();
  });
}

function summed(all: readonly Round[]): Measured {
  const speeds = all.map(({ requests, seconds }) => requests / seconds).sort((a, b) => a - b);
  const ticks = all.reduce((sum, one) => sum + one.ticks, 0);
  const requests = all.reduce((sum, one) => sum + one.requests, 0);
  return { perSecond: speeds[all.length >> 1] ?? 0, cost: (ticks * TICK) / requests };
}

/** Ticks of processor time that all threads of a process group have taken. */
function workOf(group: number): number {
  let ticks = 0;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(id);
    if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks;
}

/** What stands after the name of the program in /proc/<id>/stat. */
function statOf(id: string): string[] {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    return []; // it has ended
  }
}
