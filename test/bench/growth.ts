/** How time grows: seal and open on values of 1 to 64 KB, and the exponent that fits them. */
import { createSealer, parseToken } from '@sealring/codec';
import { atMost, type Bound } from './bounds.ts';
import type { JsonObject } from './fixtures.ts';
import { createRandom, type Effort, type Row, timeInterleaved } from './measure.ts';
import { benchSecret } from './ours.ts';
import { formatMicroseconds, type Table } from './report.ts';

const KILOBYTES = [1, 2, 4, 8, 16, 32, 64];
const ITEM_BYTES = 19; // one cart item in CBOR: {"id": "sku-10442", "qty": 2}

/** Seals and opens carts of 1 to 64 KB and fits time = c * bytes ^ exponent. */
export async function measureGrowth(effort: Effort): Promise<{ table: Table; bounds: Bound[] }> {
  const limits = { bytes: 1 << 18, items: 1 << 16 };
  const sealer = createSealer({ keys: [benchSecret(0)], purpose: 'bench', limits });
  const sizes = KILOBYTES.map((kilobytes) => {
    const value = cartOf(Math.round((kilobytes * 1024) / ITEM_BYTES));
    const token = sealer.seal(value);
    return { kilobytes, value, token, bytes: payloadBytes(token) };
  });
  const rows = sizes.flatMap(({ kilobytes, value, token }): Row[] => [
    { name: `seal ${kilobytes}`, run: () => sealer.seal(value) },
    { name: `open ${kilobytes}`, run: () => sealer.open(token) },
  ]);
  const times = await timeInterleaved(rows, effort);
  const points = sizes.map(({ kilobytes, bytes }) => {
    const [seal, open] = [times.ns(`seal ${kilobytes}`), times.ns(`open ${kilobytes}`)];
    return { bytes, seal, open, both: seal + open };
  });
  const fit = (pick: (point: (typeof points)[number]) => number) => fitExponent(points.map((p) => [p.bytes, pick(p)]));
  const exponents = [fit((point) => point.seal), fit((point) => point.open), fit((point) => point.both)];
  return {
    table: {
      id: 'growth',
      title: 'Growth: records like M’s cart, microseconds',
      columns: ['payload bytes', 'seal', 'open', 'both', 'ns a byte'],
      rows: [
        ...points.map(({ bytes, seal, open, both }) => [
          bytes,
          ...[seal, open, both].map(formatMicroseconds),
          (both / bytes).toFixed(1),
        ]),
        ['exponent', ...exponents.map((exponent) => exponent.toFixed(3)), ''],
      ],
    },
    bounds: [atMost(1.05, 'growth of seal + open from 1 to 64 KB, exponent', exponents[2] ?? Number.NaN, '')],
  };
}

function payloadBytes(token: string): number {
  const parsed = parseToken(token);
  if (parsed.mode !== 'sealed') throw new Error('Expected a sealed token');
  return parsed.ciphertext.length;
}

function cartOf(items: number): JsonObject {
  const random = createRandom(64);
  const cart = Array.from({ length: items }, () => ({
    id: `sku-${String(10000 + Math.floor(random() * 90000))}`,
    qty: 1 + Math.floor(random() * 9),
  }));
  return { cart };
}

/** Least squares on log-log. */
function fitExponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (place: 0 | 1) => logs.reduce((sum, log) => sum + log[place], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
