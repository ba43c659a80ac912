/** The page of CBOR tags: every tag of the format, and each example as the codec writes and reads it. */
import { createSealer, temporalTypes, typeRegistry } from '@sealring/codec';
import { annotate } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import { Person, tagExamples } from '../../../site/src/data/reference/tags.ts';
import { read } from '../../support/repository.ts';

const types = typeRegistry()
  .register('Person', Person, { fields: ['firstName', 'lastName'] })
  .register(temporalTypes);
const sealer = createSealer({
  keys: [Uint8Array.from({ length: 32 }, (_, at) => at)],
  purpose: 'example',
  types,
});
const known = tagExamples.filter(({ value }) => value !== undefined); // no Float16Array or Temporal in an older runtime

describe('the page of CBOR tags', () => {
  it('has an example of every tag of the format, and of no other', () => {
    const [, section = ''] = read('packages/codec/FORMAT.md').split(/^## [45]\. /m);
    const rows = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, tags = '']) => tags.split(', '));
    const shown = new Set(tagExamples.map(({ tag }) => String(tag)));
    expect([...shown].sort()).toEqual(rows.sort());
  });

  it('shows the examples of every tag', () => {
    const text = read('site/src/content/docs/reference/cbor-tags.mdx');
    const shown = [...text.matchAll(/<TagExamples tag=\{(\d+)\} \/>/g)].map(([, tag]) => Number(tag));
    expect(shown).toEqual([...new Set(tagExamples.map(({ tag }) => tag))]);
  });

  it.each(known)('$source is sealed as the page says', ({ value, hex, tag }) => {
    expect(Buffer.from(sealer.encode(value)).toString('hex')).toBe(hex);
    expect(hex.startsWith(headOf(tag))).toBe(true);
  });

  it.each(known)('$source comes back as it was', ({ value, returns }) => {
    const back = sealer.open(sealer.seal(value)).value;
    expect(back).toEqual(value);
    const name = typeof back === 'bigint' ? 'bigint' : back?.constructor.name;
    expect(returns).toMatch(new RegExp(`^an? (?:Temporal\\.)?${name}\\b`));
  });
});

describe('examples of Temporal, which is not in every runtime', () => {
  it.each(tagExamples.filter(({ source }) => source.startsWith('Temporal')))('$source', ({ source, hex }) => {
    const [, type, text] = /^(.*)\.from\('(.*)'\)$/.exec(source) ?? [];
    expect(annotate(Buffer.from(hex, 'hex')).root?.meaning).toMatch(`${type} ${text},`);
  });
});

/** RFC 8949 §3: major type 6. */
function headOf(tag: number): string {
  const argument = tag.toString(16);
  if (tag < 24) return (0xc0 + tag).toString(16);
  return tag < 256 ? `d8${argument.padStart(2, '0')}` : `d9${argument.padStart(4, '0')}`;
}
