/** `pnpm bench:stores [--quick]`: our backends beside the stores that most people use on the same engines; servers are started here. */
import { parseArgs } from 'node:util';
import { startPostgres, startRedis } from '../sessions/support/servers.ts';
import { atLeast, type Bound, boundsTable, exactly, isReached } from './bounds.ts';
import { FIXTURES } from './fixtures.ts';
import { FULL, QUICK, type Row, timeInterleaved } from './measure.ts';
import {
  describeMachine,
  formatMicroseconds,
  formatRate,
  formatRatio,
  formatTable,
  type Table,
  writeResults,
} from './report.ts';
import { countTrips } from './round-trip-counter.ts';
import { createMatches, type Match } from './store-contenders.ts';

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
const effort = quick ? QUICK : FULL;
const machine = describeMachine();
console.log(machine);

const redis = await startRedis();
const postgres = await startPostgres('fsync=off', 'synchronous_commit=off'); // or the disk would be measured
const [value] = FIXTURES.filter(({ name }) => name === 'M').map((fixture) => fixture.value);
if (value === undefined) throw new Error('unreachable');

const tables: Table[] = [];
const bounds: Bound[] = [];
for (const match of await createMatches(value, redis.port, postgres.url)) {
  const measured = await measure(match);
  console.log(formatTable(measured));
  tables.push(measured);
}
const trips = await measureTrips();
console.log(formatTable(trips));
tables.push(trips);
await redis.remove();
await postgres.remove();

console.log(formatTable(boundsTable(bounds)));
const reached = bounds.map((bound) => ({ ...bound, reached: isReached(bound) }));
console.log(`\nWritten to ${writeResults('stores', { machine, quick, effort, tables, bounds: reached })}`);
process.exit(); // one of the peers never stops its timer

async function measure({ engine, sealed, bytes, peer, readBound, writeBound, close }: Match): Promise<Table> {
  const contenders = [sealed, bytes, peer];
  const [READ, WRITE] = [' read', ' write'];
  const rows: Row[] = contenders.flatMap(({ name, read, write }) => [
    { name: name + READ, run: read },
    { name: name + WRITE, run: write },
  ]);
  const times = await timeInterleaved(rows, effort);
  await close();
  // The stores alone: what sealing costs, against JSON in the clear, the other benchmark says. Both stand in the table.
  const timesAsQuick = (kind: string) => times.ratio([peer.name + kind], [bytes.name + kind]);
  bounds.push(
    atLeast(readBound, `${engine}: reads/s against ${peer.name}`, timesAsQuick(READ)),
    atLeast(writeBound, `${engine}: writes/s against ${peer.name}`, timesAsQuick(WRITE)),
  );
  const cells = (name: string) => [
    formatRate(times.ns(name)),
    formatMicroseconds(times.ns(name)),
    `${Math.round(100 * times.spread(name))}%`,
  ];
  return {
    id: `store-${engine}`,
    title: `${engine}: session M, eight calls under way`,
    columns: ['store', 'reads/s', 'µs', 'spread', 'sealed is', 'writes/s', 'µs', 'spread', 'sealed is'],
    rows: contenders.map(({ name }) => [
      name,
      ...cells(name + READ),
      formatRatio(times.ratio([name + READ], [sealed.name + READ])),
      ...cells(name + WRITE),
      formatRatio(times.ratio([name + WRITE], [sealed.name + WRITE])),
    ]),
  };
}

/** Questions that go over the wire, through a proxy that counts them. */
async function measureTrips(): Promise<Table> {
  const counted = [
    { engine: 'Redis', ...(await countTrips('redis', redis.port)) },
    { engine: 'PostgreSQL', ...(await countTrips('postgres', postgres.port)) },
  ];
  for (const { engine, read, write } of counted) {
    bounds.push(exactly(1, `${engine}: round trips of a read`, read), exactly(1, `${engine}: of a write`, write));
  }
  return {
    id: 'trips',
    title: 'Round trips to the server, without conflict',
    columns: ['engine', 'read', 'write', 'create', 'delete'],
    rows: counted.map(({ engine, read, write, create, remove }) => [engine, read, write, create, remove]),
  };
}
