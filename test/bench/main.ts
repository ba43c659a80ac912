/**
 * `pnpm bench [--quick] [--gorilla]`: our codec and sessions beside their peers and floors, in one process; tables to the
 * terminal, JSON to `results/codec.json`.
 *
 * Run with --single-threaded-gc: a collector that first has to wake its helpers on a sleeping core doubles the time of
 * whatever row it falls into.
 */
import { parseArgs } from 'node:util';
import { measureAllocation } from './allocation.ts';
import { type Bound, boundsTable, isReached } from './bounds.ts';
import { FIXTURES } from './fixtures.ts';
import { measureFloorCost } from './floor-cost.ts';
import { measureGorilla } from './gorilla.ts';
import { measureGrowth } from './growth.ts';
import { measureHttp } from './http-requests.ts';
import { measureKeys } from './keys.ts';
import { boundLengths } from './lengths.ts';
import { FULL, QUICK } from './measure.ts';
import { createPeers } from './peers.ts';
import { measureRefusals } from './refusals.ts';
import { describeMachine, formatTable, type Table, writeResults } from './report.ts';
import { compareRoundTrips } from './round-trips.ts';
import { measureWholeRequests } from './whole-requests.ts';

const { quick, gorilla } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, gorilla: { type: 'boolean', default: false } },
}).values;
const effort = quick ? QUICK : FULL;
const tables: Table[] = [];
const bounds: Bound[] = FIXTURES.flatMap(boundLengths);

const machine = describeMachine();
console.log(machine);
console.log(
  `${effort.rounds} interleaved rounds, each row ${effort.roundMs} ms; medians of CPU time, garbage collection counted`,
);

const peers = await createPeers();
for (const compared of await compareRoundTrips(FIXTURES, peers, effort)) add(compared);
add(await measureFloorCost(FIXTURES, effort));
add(await measureGrowth(effort));
add(await measureKeys(FIXTURES, effort));
add(await measureRefusals(FIXTURES, effort));
for (const fixture of FIXTURES.filter(({ name }) => name === 'M')) {
  add(await measureWholeRequests(fixture, effort));
  add(await measureHttp(fixture, quick));
  add(measureAllocation());
  const table = gorilla ? await measureGorilla(fixture) : undefined;
  if (table !== undefined) add({ table, bounds: [] });
}

console.log(formatTable(boundsTable(bounds)));
const reached = bounds.map((bound) => ({ ...bound, reached: isReached(bound) }));
console.log(`\nWritten to ${writeResults('codec', { machine, quick, effort, tables, bounds: reached })}`);

function add(measured: { table: Table; bounds: readonly Bound[] }): void {
  console.log(formatTable(measured.table));
  tables.push(measured.table);
  bounds.push(...measured.bounds);
}
