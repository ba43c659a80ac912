/** How often a write that met another's is tried again, and what is waited in between. */

/** In a row. Only whom others overtake all the time comes near it. */
export const MOST_TRIES = 16;
const LONGEST_PAUSE = 64; // milliseconds

/** Lets the others finish, the longer the more often we have lost. @param tries that failed. */
export function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** tries, LONGEST_PAUSE)));
}
