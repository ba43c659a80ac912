/** How long our tokens may be: exactly the format's arithmetic over the payload, and the payload hardly over cbor-x's own. */
import { atMost, type Bound, exactly } from './bounds.ts';
import type { Fixture } from './fixtures.ts';
import { encodeBare } from './floors.ts';
import { createBenchSealer, readPayload } from './ours.ts';

/** The bounds on one fixture's tokens; the one with a dictionary is for M. */
export function boundLengths(fixture: Fixture): Bound[] {
  const { name, value, fieldNames } = fixture;
  const payload = readPayload(fixture).length;
  const characters = Math.ceil(((40 + payload) * 4) / 3); // 40: lead, key id and time 8, random 16, tag 16
  const bounds = [
    exactly(characters, `${name}: characters of a token`, createBenchSealer('sealed').seal(value).length),
    atMost(1.02, `${name}: payload over cbor-x's own bytes`, payload / encodeBare(value).length),
  ];
  if (name === 'M') {
    const { length } = createBenchSealer('sealed', fieldNames).seal(value);
    bounds.push(atMost(320, 'M: characters with a dictionary', length, ''));
  }
  return bounds;
}
