/** Bytes that a request allocates, counted in a process of its own whose young generation is too large to be collected meanwhile. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atMost, type Bound } from './bounds.ts';
import type { Table } from './report.ts';

/** For a cookie store's request that changes M. The first edition allocated 37,346. */
const MAX_BYTES = 18_000;

const FLAGS = ['--expose-gc', '--single-threaded-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];

interface Allocation {
  readonly name: string;
  readonly heap: number;
  readonly buffers: number;
}

export function measureAllocation(): { table: Table; bounds: Bound[] } {
  const program = fileURLToPath(new URL('allocation-process.ts', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [...FLAGS, program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The process that counts allocations failed: ${stderr}`);
  const counted: readonly Allocation[] = JSON.parse(stdout);
  const own = counted.find(({ name }) => name === 'sealring cookieStore, Node change')?.heap ?? Number.NaN;
  return {
    table: {
      id: 'allocation',
      title: 'Bytes allocated by a request, M in the session',
      columns: ['library', 'heap', 'buffers'],
      rows: counted.map(({ name, heap, buffers }) => [name, heap, buffers]),
    },
    bounds: [atMost(MAX_BYTES, 'bytes allocated by a request that changes M', own, '')],
  };
}
