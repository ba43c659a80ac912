/** What a visitor's bad token costs: refusing it must never take longer than opening a good one of the same length. */
import type { SealErrorCode, Sealer } from '@sealring/codec';
import { atMost, type Bound } from './bounds.ts';
import type { Fixture, JsonObject } from './fixtures.ts';
import { createRandom, type Effort, timeInterleaved } from './measure.ts';
import { createBenchSealer, type Mode } from './ours.ts';
import { formatRatio, type Table } from './report.ts';

/** A way to spoil a token; each keeps the length, and ends with `code`, so that the row is known to test what it says. */
interface Spoiling {
  kind: string;
  code: SealErrorCode;
  spoil(good: Buffer, longer: Buffer, random: () => number): string;
}

const SPOILINGS: readonly Spoiling[] = [
  { kind: 'garbage', code: 'ERR_SEAL_VERSION', spoil: garbage },
  { kind: 'bad text', code: 'ERR_SEAL_MALFORMED', spoil: (good) => `${encode(good).slice(0, -1)}!` }, // seen last
  // Of a longer token, whole bytes: it passes every check but the tag. Cut within a character it ends sooner.
  { kind: 'truncated', code: 'ERR_SEAL_TAMPERED', spoil: (good, longer) => encode(longer.subarray(0, good.length)) },
  { kind: 'unknown key', code: 'ERR_SEAL_KEY_UNKNOWN', spoil: (good) => encode(flip(good, 1)) },
  { kind: 'bad header', code: 'ERR_SEAL_TAMPERED', spoil: (good) => encode(flip(good, 7)) },
  { kind: 'bad payload', code: 'ERR_SEAL_TAMPERED', spoil: (good) => encode(flip(good, good.length >> 1)) },
  { kind: 'bad tag', code: 'ERR_SEAL_TAMPERED', spoil: (good) => encode(flip(good, good.length - 1)) },
];

/** Times `safeOpen` on every spoiling of every fixture in both modes, as a share of the good token's time. */
export async function measureRefusals(
  fixtures: readonly Fixture[],
  effort: Effort,
): Promise<{ table: Table; bounds: Bound[] }> {
  const rows: (string | number)[][] = [];
  let worst = { what: '', ratio: 0 };
  for (const mode of ['sealed', 'signed'] as const) {
    for (const { name, value } of fixtures) {
      const ratios = await refusalsOf(mode, value, effort);
      rows.push([`${mode} ${name}`, ...ratios.map(({ ratio }) => formatRatio(ratio))]);
      for (const { kind, ratio } of ratios) {
        if (ratio > worst.ratio) worst = { what: `${kind}, ${mode} ${name}`, ratio };
      }
    }
  }
  return {
    table: {
      id: 'refusals',
      title: 'Refusing a bad token, as a share of opening a good one of the same length',
      columns: ['', ...SPOILINGS.map(({ kind }) => kind)],
      rows,
    },
    bounds: [atMost(1, `refusing, the dearest (${worst.what})`, worst.ratio)],
  };
}

async function refusalsOf(mode: Mode, value: JsonObject, effort: Effort): Promise<{ kind: string; ratio: number }[]> {
  const sealer = createBenchSealer(mode);
  const good = Buffer.from(sealer.seal(value), 'base64url');
  const longer = Buffer.from(sealer.seal({ ...value, more: 'for the cut' }), 'base64url');
  const random = createRandom(7);
  const bad = SPOILINGS.map((spoiling) => ({ ...spoiling, token: spoiling.spoil(good, longer, random) }));
  for (const { kind, code, token } of bad) checkRefused(sealer, kind, code, token);
  const goodToken = encode(good);
  const times = await timeInterleaved(
    [
      { name: 'good', run: () => sealer.safeOpen(goodToken) },
      ...bad.map(({ kind, token }) => ({ name: kind, run: () => sealer.safeOpen(token) })),
    ],
    effort,
  );
  return bad.map(({ kind }) => ({ kind, ratio: times.ratio([kind], ['good']) }));
}

function checkRefused(sealer: Sealer, kind: string, code: SealErrorCode, token: string): void {
  const result = sealer.safeOpen(token);
  if (result.ok || result.code !== code) throw new Error(`Expected ${code} for ${kind}, got ${JSON.stringify(result)}`);
}

function garbage(good: Buffer, _longer: Buffer, random: () => number): string {
  const bytes = Buffer.from(good.map(() => Math.floor(random() * 256)));
  bytes[0] = 0; // not by chance a lead byte
  return encode(bytes);
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64url');
}
