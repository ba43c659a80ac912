/** The page of limits: its numbers are those of the sources. */
import { maxHeaderSize } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Limits, readLimits } from '../../../packages/codec/src/limits.ts';
import { read } from '../../support/repository.ts';
import { numberOf } from './declarations.ts';
import { readSections } from './page.ts';

const rows = readSections('limits.md').flatMap((section) => section.rows);
const limits = Object.entries(readLimits());

/** Row -> the constants that stand in its second cell. */
const constants: Readonly<Record<string, readonly [path: string, ...names: string[]]>> = {
  "a key's bytes": ['codec/src/crypto/secret.ts', 'SECRET', 'MAX_SECRET'],
  'different bytes in a key': ['codec/src/crypto/secret.ts', 'MIN_DISTINCT'],
  'names in a dictionary': ['codec/src/cbor/profile.ts', 'MAX_NAMES'],
  'bytes of secret in seal and open': ['codec/src/sealer/path.ts', 'MIN_SECRET'],
  'the time of a token': ['codec/src/sealer/path.ts', 'LAST_SECOND'],
  'bytes of name and value of one cookie': ['wire/src/chunks.ts', 'MAX_COOKIE_BYTES'],
  'cookies for one session (chunks)': ['wire/src/chunks.ts', 'MAX_CHUNKS'],
  'values that are tried for one session': ['wire/src/chunks.ts', 'MAX_CANDIDATES'],
  "characters of a session's name": ['sessions/src/cookie/attributes.ts', 'MAX_NAME'],
  'bytes of domain and of path': ['sessions/src/cookie/attributes.ts', 'MAX_ATTRIBUTE'],
  'seconds of maxAge and of idleTimeout': ['sessions/src/session/lifetime.ts', 'MAX_COOKIE_AGE'],
  'seconds that a session lives by default': ['wire/src/record.ts', 'DEFAULT_MAX_AGE'],
  'seconds for which a save that meets others is tried again': ['sessions/src/store/act.ts', 'PATIENCE'],
  'pause between two tries': ['sessions/src/backends/kit/patience.ts', 'MAX_PAUSE'],
  'seconds for which a request with the id from before a login sets no cookie': [
    'sessions/src/store/place.ts',
    'SILENCE',
  ],
  'seconds that a backend keeps a record after its session has expired': [
    'sessions/src/store/place.ts',
    'LONGER_THAN_A_REQUEST',
  ],
  'seconds that a backend remembers an ended or moved id': ['sessions/src/store/backend-place.ts', 'DAY'],
  'seconds that a cookie store remembers an ended id': ['sessions/src/store/place.ts', 'LONGER_THAN_A_REQUEST'],
  'seconds for which cached() reads from its copy': ['sessions/src/backends/cached.ts', 'DEFAULT_STALE', 'MAX_STALE'],
  'seconds for which sqlite() waits for other processes': [
    'sessions/src/backends/sqlite.ts',
    'BUSY_TIMEOUT',
    'MAX_BUSY_TIMEOUT',
  ],
  'seconds for which file() waits for others that write the same record': [
    'sessions/src/backends/file/lock.ts',
    'PATIENCE',
  ],
  'writes after which a backend removes some expired records': ['sessions/src/backends/kit/rows.ts', 'SWEEP_EVERY'],
  'seconds for which it leaves expired records alone': ['sessions/src/backends/kit/rows.ts', 'SWEEP_MARGIN'],
  'bytes of a session of toExpressStore()': ['sessions/src/backends/express-session/seals.ts', 'MAX_BYTES'],
};

/** Rows whose numbers are in no constant: other tests hold what they say. */
const others = [
  'idle time after which a session is renewed',
  "characters of a record's id",
  'characters of the name of a write (version)',
];

describe('the page of limits', () => {
  it.each(limits)('%s has the default and the bounds that readLimits() has', (name, byDefault) => {
    const cells = rows.find((row) => row.name === name)?.cells;
    expect(numberIn(cells?.get('default'))).toBe(byDefault);
    const least = numberIn(cells?.get('at least'));
    const most = numberIn(cells?.get('at most'));
    expect([takes(name, least), takes(name, least - 1)]).toEqual([true, false]);
    expect([takes(name, most), takes(name, most + 1)]).toEqual([true, false]);
  });

  it.each(Object.entries(constants))('%s is what the constants say', (name, [path, ...names]) => {
    const shown = rows.find((row) => row.name === name)?.cells.get('value') ?? '';
    for (const constant of names) {
      const number = numberOf(`packages/${path}`, constant).toLocaleString('en-US');
      expect(shown.match(/\d+(?:,\d{3})*/g)).toContain(number);
    }
  });

  it('has no row beyond those', () => {
    const known = [...limits.map(([name]) => name), ...Object.keys(constants), ...others];
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it("says how many bytes a store's session may have", () => {
    const text = read('site/src/content/docs/reference/limits.md');
    for (const constant of ['COOKIE_BYTES', 'RECORD_BYTES', 'RECORD_ITEMS']) {
      expect(text).toContain(numberOf('packages/sessions/src/store/setup.ts', constant).toLocaleString('en-US'));
    }
  });

  it('says what Node.js takes', () => expect(maxHeaderSize).toBe(16 * 1024));
});

function numberIn(cell = ''): number {
  return Number(cell.replaceAll(',', ''));
}

function takes(name: string, value: number): boolean {
  const given: Partial<Limits> = { [name]: value };
  try {
    readLimits(given);
    return true;
  } catch {
    return false;
  }
}
