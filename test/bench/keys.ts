/** What rotation costs: opening with the oldest of ten keys against opening with the newest. */
import { createSealer } from '@sealring/codec';
import { atMost, type Bound } from './bounds.ts';
import type { Fixture } from './fixtures.ts';
import { type Effort, timeInterleaved } from './measure.ts';
import { benchSecret } from './ours.ts';
import { formatMicroseconds, formatRatio, type Table } from './report.ts';

const KEYS = 10;

/** Opens tokens of the first and the last key of one ring. The bound is for M. */
export async function measureKeys(
  fixtures: readonly Fixture[],
  effort: Effort,
): Promise<{ table: Table; bounds: Bound[] }> {
  const secrets = Array.from({ length: KEYS }, (_, index) => benchSecret(index));
  const ring = createSealer({ keys: secrets, purpose: 'bench' });
  const old = createSealer({ keys: secrets.slice(-1), purpose: 'bench' });
  const opening = fixtures.flatMap(({ name, value }) => {
    const [byNewest, byOldest] = [ring.seal(value), old.seal(value)];
    if (ring.open(byNewest).stale || !ring.open(byOldest).stale) throw new Error('The ring mistakes its newest key');
    return [
      { name: `${name} newest`, run: () => ring.open(byNewest) },
      { name: `${name} oldest`, run: () => ring.open(byOldest) },
    ];
  });
  const times = await timeInterleaved(opening, effort);
  const rows: string[][] = [];
  const bounds: Bound[] = [];
  for (const { name } of fixtures) {
    const [newest, oldest] = [times.ns(`${name} newest`), times.ns(`${name} oldest`)];
    rows.push([name, formatMicroseconds(newest), formatMicroseconds(oldest), formatRatio(oldest / newest)]);
    if (name === 'M') bounds.push(atMost(1.2, `M: opening with the oldest of ${KEYS} keys`, oldest / newest));
  }
  const title = `Opening with the newest and the oldest of ${KEYS} keys, microseconds`;
  return { table: { id: 'keys', title, columns: ['', 'newest', 'oldest', 'ratio'], rows }, bounds };
}
