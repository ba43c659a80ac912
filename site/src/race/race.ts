/** A scenario, a number of requests and an order -> the same race on both sides, one turn at a time, and what came of it. */
import { PausedRequest } from './paused-request.ts';
import type { Outcome, Scenario } from './scenarios.ts';
import { type ScheduleOptions, schedule } from './schedule.ts';
import { SealringSide } from './sealring-side.ts';
import type { Deed, Side, Witness } from './side.ts';
import type { SessionRecord } from './whole-record.ts';
import { WholeRecordSide } from './whole-record-side.ts';

/** One deed of one request, as it is shown. */
export interface RaceEvent {
  readonly request: number;
  readonly deed: Deed;
  /** What a change does, in words. */
  readonly change: string;
  /** What was read or written; undefined: nothing was there. */
  readonly record: SessionRecord | undefined;
  /** What a write broke. */
  readonly harm: string | undefined;
}

export interface RaceOptions extends ScheduleOptions {
  scenario: Scenario;
}

/** Both sides, in the order in which they are shown. */
export const SIDES = ['whole', 'sealring'] as const;
export type SideName = (typeof SIDES)[number];

export class Race {
  readonly turns: readonly number[];
  /** Turns that have been taken. */
  taken = 0;
  readonly #tracks: Readonly<Record<SideName, Track>>;

  constructor(options: RaceOptions) {
    this.turns = schedule(options);
    this.#tracks = {
      whole: new Track(options, (witness) => new WholeRecordSide(options.scenario, witness)),
      sealring: new Track(options, (witness) => new SealringSide(options.scenario, witness)),
    };
  }

  get isOver(): boolean {
    return this.taken === this.turns.length;
  }

  /** Lets the next request go on, on both sides. @returns what it did there. */
  async step(): Promise<Readonly<Record<SideName, readonly RaceEvent[]>>> {
    const request = this.turns[this.taken] ?? 0;
    const { whole, sealring } = this.#tracks;
    const events = { whole: await whole.step(request), sealring: await sealring.step(request) };
    this.taken++;
    return events;
  }

  /** How it stands; final when the race is over. */
  async outcomes(): Promise<Readonly<Record<SideName, Outcome>>> {
    const { whole, sealring } = this.#tracks;
    return { whole: await whole.outcome(), sealring: await sealring.outcome() };
  }
}

/** One side and its requests. */
class Track {
  readonly #options: RaceOptions;
  readonly #side: Side;
  readonly #ready: Promise<void>;
  readonly #requests: readonly PausedRequest[];
  #deeds: Deed[] = [];

  constructor(options: RaceOptions, create: (witness: Witness) => Side) {
    this.#options = options;
    this.#side = create((deed) => this.#deeds.push(deed));
    this.#ready = this.#side.login();
    this.#requests = Array.from(
      { length: options.requests },
      (_, index) => new PausedRequest((pause) => this.#side.serve(index, pause)),
    );
  }

  async step(request: number): Promise<readonly RaceEvent[]> {
    await this.#ready;
    const { scenario } = this.#options;
    const before = await this.#side.look();
    this.#deeds = [];
    await this.#requests[request]?.goOn();
    const deeds = this.#deeds;
    const after = await this.#side.look();
    return deeds.map((deed) => ({
      request,
      deed,
      change: scenario.says(request),
      record: isWrite(deed) ? after : before,
      harm: isWrite(deed) ? scenario.harm(before, after) : undefined,
    }));
  }

  async outcome(): Promise<Outcome> {
    return this.#options.scenario.outcome(await this.#side.look(), this.#options.requests);
  }
}

const isWrite = (deed: Deed) => deed === 'write' || deed === 'write-again';
