/** What our codec costs over its floors: seal against encode + encrypt, open against decrypt + decode. */
import { atMost, type Bound } from './bounds.ts';
import type { Fixture } from './fixtures.ts';
import { cborFloor, cipherFloor } from './floors.ts';
import { type Effort, type Row, timeInterleaved } from './measure.ts';
import { createBenchSealer, readPayload } from './ours.ts';
import { formatMicroseconds, formatRatio, type Table } from './report.ts';

/** Times each half by itself, on all fixtures in one run. The bound is for M. */
export async function measureFloorCost(
  fixtures: readonly Fixture[],
  effort: Effort,
): Promise<{ table: Table; bounds: Bound[] }> {
  const times = await timeInterleaved(fixtures.flatMap(halvesOf), effort);
  const rows: string[][] = [];
  const bounds: Bound[] = [];
  for (const { name } of fixtures) {
    const ns = (...halves: string[]) => halves.reduce((sum, half) => sum + times.ns(`${name} ${half}`), 0);
    const line = (label: string, seal: number, open: number) =>
      rows.push([label, ...[seal, open, seal + open].map(formatMicroseconds)]);
    const ours = { seal: ns('seal'), open: ns('open') };
    const floors = { seal: ns('encrypt', 'encode'), open: ns('decrypt', 'decode') };
    const both = (ours.seal + ours.open) / (floors.seal + floors.open);
    line(`${name} @sealring/codec, sealed`, ours.seal, ours.open);
    line('  floor: noble XChaCha20-Poly1305', ns('encrypt'), ns('decrypt'));
    line('  floor: cbor-x', ns('encode'), ns('decode'));
    rows.push(['  ours / floors', ...[ours.seal / floors.seal, ours.open / floors.open, both].map(formatRatio)]);
    if (name === 'M') bounds.push(atMost(1.35, 'M: seal + open over bare noble + cbor-x', both));
  }
  const title = 'Sealed over the floors, microseconds';
  return { table: { id: 'floor-cost', title, columns: ['', 'seal', 'open', 'both'], rows }, bounds };
}

function halvesOf(fixture: Fixture): Row[] {
  const sealer = createBenchSealer('sealed');
  const token = sealer.seal(fixture.value);
  const cipher = cipherFloor(readPayload(fixture));
  const cbor = cborFloor(fixture.value);
  return [
    { name: `${fixture.name} seal`, run: () => sealer.seal(fixture.value) },
    { name: `${fixture.name} open`, run: () => sealer.open(token) },
    { name: `${fixture.name} encrypt`, run: cipher.there },
    { name: `${fixture.name} decrypt`, run: cipher.back },
    { name: `${fixture.name} encode`, run: cbor.there },
    { name: `${fixture.name} decode`, run: cbor.back },
  ];
}
