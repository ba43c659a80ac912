/** The same verdict on many payloads, valid and faulty, as Python's reader gives, and one encoding for each value. */
import { createSealer, SealError, typeRegistry } from '@sealring/codec';
import { expect, test } from 'vitest';
import { fromHex, randomFrom, toHex } from '../codec/support.ts';
import { skipped, type Verdict, verdictsOn } from './python.ts';
import { randomPayload } from './random-payload.ts';

class Person {
  first: unknown;
  last: unknown;
}
class Box {
  content: unknown;
  constructor(content: unknown) {
    this.content = content;
  }
}
const names = ['a', 'name'];
const types = typeRegistry()
  .register('P', Person, { fields: ['first', 'last'] })
  .register('B', Box, { encode: ({ content }: Box) => content, decode: (content: unknown) => new Box(content) });
const sealer = createSealer({
  keys: [new Uint8Array(32).map((_, at) => at)],
  purpose: 'test',
  types,
  dictionary: names,
});
const options = ['--types', JSON.stringify({ P: ['first', 'last'], B: null }), '--dictionary', JSON.stringify(names)];

const COUNT = 100_000;
const hasFloat16 = Reflect.has(globalThis, 'Float16Array'); // tag 84; Node 24 and later

/** What the codec says to a payload, and what it writes for the value. */
function ours(payload: string): readonly [verdict: string, again: string] {
  try {
    return ['ok', toHex(sealer.encode(sealer.decode(fromHex(payload))))];
  } catch (error) {
    if (error instanceof SealError) return [error.code.replace('ERR_SEAL_', ''), ''];
    throw error;
  }
}

/** What it should say: the parser of URLs is ours alone. */
function expected([verdict, again, urls]: Verdict): readonly [verdict: string, again: string | undefined] {
  if (!urls.every((url) => URL.canParse(url))) return ['PAYLOAD', ''];
  return [verdict, urls.every((url) => new URL(url).href === url) ? again : undefined];
}

const ROUNDS = process.env['SOAK'] ? 30 : 1;
const LONG = 3_600_000; // milliseconds; a round takes seconds

test.skipIf(skipped).each(Array.from({ length: ROUNDS }, (_, round) => 20_261_130 + round))(
  `the same verdict on ${COUNT} payloads, seed %i`,
  { timeout: LONG },
  (seed) => {
    const random = randomFrom(seed);
    const made = Array.from({ length: COUNT }, () => toHex(randomPayload(random)));
    const payloads = made.filter((payload) => hasFloat16 || !payload.includes('d854'));
    const counts: Record<string, number> = {};
    const differences: unknown[] = [];
    for (const [at, told] of verdictsOn(payloads, options).entries()) {
      const payload = payloads[at] ?? '';
      const [verdict, again] = expected(told);
      const own = ours(payload);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
      const isBothRejected = own[0] !== 'ok' && verdict !== 'ok'; // a payload may have two faults
      if ((own[0] !== verdict && !isBothRejected) || (again !== undefined && own[1] !== again))
        differences.push({ payload, ours: own, theirs: told });
    }
    expect(differences.slice(0, 10)).toEqual([]);
    expect(counts['ok']).toBeGreaterThan(COUNT / 4);
    expect(counts['PAYLOAD']).toBeGreaterThan(COUNT / 4);
    expect(counts['TYPE_UNKNOWN']).toBeGreaterThan(COUNT / 1000);
  },
);
