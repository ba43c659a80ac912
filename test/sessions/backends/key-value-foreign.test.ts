/** What the backends in key-value stores find under their keys and did not write, or not whole. */
import { describe, expect, it } from 'vitest';
import { formatKept, parseKept } from '../../../packages/sessions/src/backends/key-value/envelope.ts';
import { keyv } from '../../../packages/sessions/src/backends/keyv.ts';
import { nameOf } from '../../../packages/sessions/src/text.ts';
import { idsOf } from '../support/listing.ts';
import { write, written } from '../support/write.ts';

const NOW = 2_000_000_000;
const LATER = NOW + 100;
const data = Uint8Array.of(1, 2, 3);
const now = () => NOW;

describe('counts as nothing, and gives way to a record:', () => {
  const row = { version: 'v', expiresAt: LATER, subject: 'ann', data };
  const whole = formatKept(nameOf('a'), 'a', row);
  it.each<{ name: string; value: unknown }>([
    { name: 'an Error', value: Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR' }) },
    { name: 'null', value: null },
    { name: 'a number', value: 5 },
    { name: 'bytes', value: Buffer.from(whole) },
    { name: 'an object', value: { data: [1], version: 'v', expiresAt: LATER } },
    { name: 'an empty text', value: '' },
    { name: 'JSON', value: '{"cookie":{},"user":"ann"}' },
    { name: 'a text of megabytes', value: 'sealring1,'.repeat(300_000) },
    { name: 'the record of another id', value: formatKept(nameOf('b'), 'b', row) },
    { name: 'half a record', value: whole.slice(0, -1) },
    { name: 'a longer record', value: `${whole}A` },
    { name: 'two records', value: whole + whole },
    { name: 'a record with a later end', value: whole.replace(String(LATER), String(LATER + 1)) },
  ])('$name', async ({ value }) => {
    const map = new Map<string, unknown>([[`sealring:${nameOf('a')}`, value]]);
    const backend = keyv(map, { now });
    expect(await backend.get('a')).toBeUndefined();
    expect(await backend.delete('a')).toBe(false);
    expect(await write(backend, 'a', data, { expiresAt: LATER, over: { data, version: 'v', expiresAt: LATER } })).toBe(
      false,
    );
    expect(await idsOf(backend, 'ann')).toEqual([]);
    expect(await backend.prune?.()).toBe(0);
    if (value !== null) expect([...map.values()]).toEqual([value]); // it may be somebody's
    const record = await written(backend, 'a', data, { expiresAt: LATER, over: null });
    expect(await backend.get('a')).toEqual(record);
  });

  it('a record cut or changed anywhere', () => {
    expect(parseKept(nameOf('a'), whole)).toEqual({ ...row, id: 'a' });
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice(0, at) + (whole[at] === 'A' ? 'B' : 'A') + whole.slice(at + 1);
      expect(parseKept(nameOf('a'), changed)).toBeUndefined();
      expect(parseKept(nameOf('a'), whole.slice(0, at))).toBeUndefined();
    }
  });
});

it('formatKept() and parseKept() keep what they are given', () => {
  for (const expiresAt of [0, -1.5, NOW + 0.123, 1e21, Infinity, -Infinity]) {
    for (const length of [0, 1, 6143, 6144, 6145, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255);
      for (const subject of [undefined, 'ann', 'a,b', 'ä €', '%2C']) {
        const row = { version: 'v', expiresAt, subject, data: bytes };
        const kept = { ...row, id: 'A-_', subject: subject ?? '' };
        expect(parseKept(nameOf('A-_'), formatKept(nameOf('A-_'), 'A-_', row))).toEqual(kept);
      }
    }
  }
});
