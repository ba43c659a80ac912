/** The pauses of requests under a turnstile are steps like calls. Import this before the packages, which keep the timer that they find. */
import { Turnstile } from './turnstile.ts';

const startTimer = globalThis.setTimeout;

const pauseOrTimer = (done: () => void, milliseconds?: number): unknown => {
  if (Turnstile.actor === undefined) return startTimer(done, milliseconds);
  const pause = { title: 'pause', canFail: false, isWrite: false, execute: () => undefined, describe: () => '' };
  Turnstile.step(pause).then(done, done);
  return undefined;
};

globalThis.setTimeout = Object.assign(pauseOrTimer, startTimer) as typeof setTimeout; // trust boundary: the overloads of Node
