/** Every row on one fixture, value -> cookie text -> value: checked once for equality, then timed beside all others. */
import { isDeepStrictEqual } from 'node:util';
import { atLeast, type Bound } from './bounds.ts';
import type { Fixture } from './fixtures.ts';
import { cborFloor, cipherFloor } from './floors.ts';
import { type Effort, type Row, timeInterleaved } from './measure.ts';
import { ourCodecs, readPayload } from './ours.ts';
import type { Codec } from './peers.ts';
import { formatRate, formatRatio, type Table } from './report.ts';

/** What one fixture's rows are, and what is known of them before the clock starts. */
interface Field {
  fixture: Fixture;
  payload: Uint8Array;
  /** Characters of the text, by codec. */
  characters: ReadonlyMap<string, number>;
  /** Names are those of the codecs and floors, after the fixture's. */
  rows: readonly Row[];
}

/** Times ours, the peers and the floors on all fixtures together, so that they share good and bad moments. */
export async function compareRoundTrips(
  fixtures: readonly Fixture[],
  peers: readonly Codec[],
  effort: Effort,
): Promise<{ table: Table; bounds: Bound[] }[]> {
  const fields: Field[] = [];
  for (const fixture of fixtures) fields.push(await prepare(fixture, peers));
  const times = await timeInterleaved(
    fields.flatMap(({ rows }) => rows),
    effort,
  );
  return fields.map(({ fixture, payload, characters, rows }) => {
    const prefix = `${fixture.name} `;
    const [sealed] = rows;
    const sealedIs = (name: string) => times.ratio([prefix + name], [sealed?.name ?? '']); // times as quick
    const table: Table = {
      id: `round-trips-${fixture.name}`,
      title: `${fixture.name}: ${fixture.jsonBytes} bytes of JSON, ${payload.length} bytes of payload`,
      columns: ['row', 'round trips/s', 'spread', 'sealed is', 'characters'],
      rows: rows.map((row) => {
        const name = row.name.slice(prefix.length);
        const spread = `${Math.round(100 * times.spread(row.name))}%`;
        return [name, formatRate(times.ns(row.name)), spread, formatRatio(sealedIs(name)), characters.get(name) ?? ''];
      }),
    };
    return { table, bounds: fixture.name === 'M' ? boundRates(peers, sealedIs) : [] };
  });
}

async function prepare(fixture: Fixture, peers: readonly Codec[]): Promise<Field> {
  const ours = ourCodecs(fixture);
  const codecs = [ours.sealed, ours.dictionary, ours.signed, ...peers];
  const characters = new Map<string, number>();
  for (const codec of codecs) characters.set(codec.name, await checkRoundTrip(codec, fixture));
  const payload = readPayload(fixture);
  const rows = [
    ...codecs.map((codec) => roundTripOf(codec, fixture)),
    ...[cipherFloor(payload), cborFloor(fixture.value)].map(({ name, there, back }) => ({
      name: `${fixture.name} ${name}`,
      run: () => [there(), back()],
    })),
  ];
  return { fixture, payload, characters, rows };
}

/** The bounds on speed, which are for M. */
function boundRates(peers: readonly Codec[], sealedIs: (name: string) => number): Bound[] {
  // A peer with several rows (kinds of key) counts by its quickest.
  const against = (start: string) =>
    Math.min(...peers.filter(({ name }) => name.startsWith(start)).map(({ name }) => sealedIs(name)));
  return [
    atLeast(12, 'M: round trips/s against iron-session', against('iron-session')),
    atLeast(3, 'M: round trips/s against jose JWE, the quicker key', against('jose')),
    atLeast(3, 'M: round trips/s against @hapi/iron, raw key', against('@hapi/iron')),
    atLeast(100, 'M: round trips/s against h3, session defaults', against('h3')),
  ];
}

/** Throws unless the value comes back equal, less what the peer adds. Returns the characters of the text. */
async function checkRoundTrip(codec: Codec, fixture: Fixture): Promise<number> {
  const text = await codec.seal(fixture.value);
  const opened = await codec.open(text);
  const added = new Set(codec.adds);
  const entries = Object.entries(opened ?? {}).filter(([name]) => !added.has(name));
  if (!isDeepStrictEqual(Object.fromEntries(entries), fixture.value)) {
    throw new Error(`${codec.name} does not give back ${fixture.name}`);
  }
  return text.length;
}

function roundTripOf(codec: Codec, { name, value }: Fixture): Row {
  return {
    name: `${name} ${codec.name}`,
    run: () => {
      const text = codec.seal(value);
      // Awaited only where the peer itself is asynchronous: a promise made here would be charged to synchronous rows.
      return typeof text === 'string' ? codec.open(text) : text.then(codec.open);
    },
  };
}
