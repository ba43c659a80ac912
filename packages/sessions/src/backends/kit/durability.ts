/** The option `durability` of a backend that writes to a disk of this machine. */

import { describe } from '../../options.ts';

/** What an acknowledged write survives: 'process' the end of the process, 'power' also the end of the machine; every change then waits for the disk. */
export type Durability = 'process' | 'power';

/** @throws {RangeError} if it is neither. */
export function readDurability(durability: unknown = 'process'): Durability {
  if (durability === 'process' || durability === 'power') return durability;
  throw new RangeError(`"durability" expected 'process' or 'power', got ${describe(durability)}`);
}
