/** Routes that do the same with one session library or another -> requests per second, and what each costs the server. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as startRequest } from 'node:http';

export interface Measured {
  /** The middle of the rounds. */
  readonly perSecond: number;
  /** Processor time of the server for a request, garbage collection included: over all rounds, in microseconds. */
  readonly cost: number;
}

const ROUNDS = 15;
const REQUESTS = 1000;
const SIDE_BY_SIDE = 8;
const TICK = 10_000; // microseconds in which Linux counts processor time

/** In turns, so that whatever else the machine does slows all of them down. @param group the process group of the server. */
export async function measure(url: string, group: number, routes: readonly string[]): Promise<Map<string, Measured>> {
  const agent = new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE });
  const cookies = new Map<string, string>();
  for (const route of routes) {
    const { headers } = await fetch(url + route);
    cookies.set(
      route,
      headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; '),
    );
  }
  const rounds = new Map<string, Measured[]>(routes.map((route) => [route, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const route of routes) {
      const before = workOf(group);
      const start = performance.now();
      await sendAll(agent, new URL(url + route), cookies.get(route) ?? '');
      const perSecond = REQUESTS / ((performance.now() - start) / 1000);
      const cost = ((workOf(group) - before) * TICK) / REQUESTS;
      if (round >= 0) rounds.get(route)?.push({ perSecond, cost }); // the first ones are for the compiler
    }
  }
  agent.destroy();
  return new Map([...rounds].map(([route, all]) => [route, summed(all)]));
}

async function sendAll(agent: Agent, url: URL, cookie: string): Promise<void> {
  let left = REQUESTS;
  const worker = async () => {
    while (left-- > 0) await send(agent, url, cookie);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
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

function summed(all: readonly Measured[]): Measured {
  const speeds = all.map(({ perSecond }) => perSecond).sort((a, b) => a - b);
  const costs = all.reduce((sum, { cost }) => sum + cost, 0);
  return { perSecond: speeds[all.length >> 1] ?? 0, cost: costs / all.length };
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
