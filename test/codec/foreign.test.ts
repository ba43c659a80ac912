/** What libraries in other languages write, as the codec reads it. */
import { createSealer } from '@sealring/codec';
import { describe, expect, it } from 'vitest';
import { codeOf, fromHex, fromNotation, secret, toHex } from './support.ts';
import foreign from './vectors/foreign-cbor.json' with { type: 'json' };

const sealer = createSealer({ keys: [secret(1)], purpose: 'test' });
const rows = foreign.vectors.map((row) => ({ ...row, name: `${row.what}, ${row.by} ${row.options}` }));

describe('decode()', () => {
  it.each(rows.filter(({ code }) => code === undefined))('reads $name', ({ hex, value, again }) => {
    const read = sealer.decode(fromHex(hex));
    expect(read).toStrictEqual(fromNotation(value));
    expect(toHex(sealer.encode(read))).toBe(again);
  });

  it.each(rows.filter(({ code }) => code !== undefined))('refuses $name', ({ hex, code }) => {
    expect(codeOf(() => sealer.decode(fromHex(hex)))).toBe(code);
  });
});
