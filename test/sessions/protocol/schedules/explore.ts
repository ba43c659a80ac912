/** A scenario -> every schedule of it, or random ones, run with the real code until one breaks a promise. */
import { randomUUID } from 'node:crypto';
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../../../packages/sessions/src/backends/memory.ts';
import { randomFrom } from '../../../codec/support.ts';
import { brokenInTheEnd, brokenNow } from '../promises.ts';
import type { Choice } from './turnstile.ts';
import { makeSeeds, type Scenario, Servers, World } from './world.ts';

/** What was found. */
export interface Exploration {
  schedules: number;
  states: number;
  broken: { readonly promise: string; readonly steps: readonly string[] } | undefined;
}

/** What becomes of the backends in memory that a search makes for itself. */
type Spoil = (backend: Backend) => Backend;

/** Runs every schedule. Of two that come to the same state only one goes on. */
export async function exploreAll(scenario: Scenario, spoil: Spoil = (backend) => backend): Promise<Exploration> {
  const seeds = await makeSeeds(scenario, true);
  const found: Exploration = { schedules: 0, states: 0, broken: undefined };
  const servers = new Servers(scenario, true);
  const seen = new Set<string>();
  let open: Choice[][] = [[]];
  while (open.length > 0) {
    const next: Choice[][] = [];
    for (const path of open) {
      found.schedules++;
      const world = new World(scenario, servers, seeds, inMemory(scenario, servers).map(spoil));
      await world.start();
      const taken: Choice[] = [];
      const choose = (choices: readonly Choice[]): Choice | undefined => {
        const known = path[taken.length];
        if (known !== undefined) return known;
        const { state } = world;
        if (seen.has(state)) return undefined;
        seen.add(state);
        found.states++;
        const [first, ...others] = choices;
        for (const other of others) next.push([...taken, other]);
        return first;
      };
      found.broken = await play(world, choose, taken, path.length);
      await world.turnstile.abandon();
      if (found.broken !== undefined) return found;
    }
    open = next;
  }
  return found;
}

/**
 * Runs random schedules. With faults, about every second has one.
 *
 * @param seed of the first run; the next has the next number.
 * @param backends the backends of all runs, which are not empty then; or what to make of memory of its own for each run.
 */
export async function exploreSome(
  scenario: Scenario,
  runs: number,
  seed: number,
  backends: readonly Backend[] | Spoil = (backend) => backend,
): Promise<Exploration> {
  const inProcess = typeof backends === 'function';
  const servers = new Servers(scenario, inProcess);
  const found: Exploration = { schedules: 0, states: 0, broken: undefined };
  for (let run = seed; run < seed + runs; run++) {
    const random = randomFrom(run);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    const faultAt = Math.floor(random() * 24 * scenario.requests.length);
    const seeds = await makeSeeds(scenario, inProcess, `ada ${randomUUID()}`);
    const world = new World(
      scenario,
      servers,
      seeds,
      typeof backends === 'function' ? inMemory(scenario, servers).map(backends) : backends,
    );
    await world.start();
    const taken: Choice[] = [];
    const choose = (choices: readonly Choice[]): Choice | undefined => {
      const isFault = (choice: Choice) => choice.includes(' ');
      const faults = taken.length === faultAt ? choices.filter(isFault) : [];
      return pick(faults) ?? pick(choices.filter((choice) => !isFault(choice)));
    };
    const broken = await play(world, choose, taken, 0);
    await world.turnstile.abandon();
    found.schedules++;
    if (broken !== undefined) return { ...found, broken: { ...broken, promise: `${broken.promise} (seed ${run})` } };
  }
  return found;
}

/**
 * Lets steps happen until there are none, or `choose` returns none.
 *
 * @param judged how many steps another run has had before, so that they need not be judged again.
 */
async function play(
  world: World,
  choose: (choices: readonly Choice[]) => Choice | undefined,
  taken: Choice[],
  judged: number,
): Promise<Exploration['broken']> {
  const { turnstile, scenario } = world;
  const broken = (promise: string | undefined) =>
    promise === undefined ? undefined : { promise, steps: [...turnstile.steps] };
  let noted = '';
  for (;;) {
    const choices = turnstile.choices(scenario.isSpread);
    if (choices.length === 0) break;
    const choice = choose(choices);
    if (choice === undefined) return undefined;
    taken.push(choice);
    await turnstile.take(choice);
    const notes = `${world.ends.all.filter(({ isAcknowledged }) => isAcknowledged).length} ${world.held.length}`;
    const isKnown = notes === noted || taken.length < judged;
    noted = notes;
    if (isKnown) continue;
    const now = broken(brokenNow(world, await world.openings()));
    if (now !== undefined) return now;
  }
  if (turnstile.isStuck) return broken('requests wait for each other');
  if (turnstile.error !== undefined) return broken(`a request threw ${String(turnstile.error)}`);
  const inTheEnd = brokenInTheEnd(world, await world.openings());
  if (inTheEnd !== undefined) return broken(inTheEnd);
  world.pass(61);
  return broken(brokenNow(world, await world.openings()));
}

function inMemory({ kind }: Scenario, servers: Servers): Backend[] {
  return Array.from({ length: kind.backends }, () => memory({ now: () => servers.now }));
}
