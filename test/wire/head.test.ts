/** Heads of records: each is read back as what it was made of, with the place behind it, and no bytes make the reader throw. */
import { formatHead, type Head, parseHead } from '@sealring/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const seed = 20_261_130;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const heads: [string, Head][] = [
  ['L.fam..1767225600.', { state: 'live', family: 'fam', from: undefined, seenAt: 1_767_225_600 }],
  ['L.fam.old-1_.0.', { state: 'live', family: 'fam', from: 'old-1_', seenAt: 0 }],
  ['M.fam.new.5..', { state: 'moved', family: 'fam', to: 'new', since: 5, subject: undefined }],
  ['M.fam.new.5.sub.', { state: 'moved', family: 'fam', to: 'new', since: 5, subject: 'sub' }],
  ['E.', { state: 'ended' }],
];

describe('formatHead() and parseHead()', () => {
  it.each(heads)('%s', (text, head) => {
    expect(formatHead(head)).toBe(text);
    for (const rest of ['', 'EdvA4mlV', '..', '\u0000'])
      expect(parseHead(bytesOf(text + rest))).toEqual({ head, length: text.length });
  });

  it.each([
    ['nothing', ''],
    ['another letter', 'X.a.b.5.'],
    ['a small letter', 'e.'],
    ['no point', 'E'],
    ['too few fields', 'L.fam..5'],
    ['a pointer with the fields of a live record', 'M.fam.new.5.'],
    ['no family', 'L...5.'],
    ['no time', 'L.fam...'],
    ['a time with a sign', 'L.fam..-5.'],
    ['a time with a letter', 'L.fam..1e3.'],
    ['a time of too many digits', `L.fam..${'9'.repeat(16)}.`],
    ['a pointer to nowhere', 'M.fam..5..'],
  ])('reads no head of %s', (_, text) => {
    expect(parseHead(bytesOf(text))).toBeUndefined();
  });

  it('does not throw, whatever the bytes are', () => {
    const start = fc.constantFrom('', 'L.', 'M.a.b.', 'E', 'L.a..1.');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 60 }), (text, rest) => {
        const parsed = parseHead(Uint8Array.from([...bytesOf(text), ...rest]));
        expect(parsed === undefined || parsed.length <= text.length + rest.length).toBe(true);
      }),
      { seed, numRuns: 1000 },
    );
  });
});
