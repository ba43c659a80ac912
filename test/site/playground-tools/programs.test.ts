/** The playground's programs, as somebody copies them: each is type-checked, and run on a cookie that it has to open. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSealer, typeRegistry } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAMEWORKS, type Framework, writeProgram } from '../../../site/src/playground/code/program.ts';
import type { Subject } from '../../../site/src/playground/code/subject.ts';
import { ask, findMistakes, makeProgramFolder, sessionHeader } from './run-program.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const OLD_KEY = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
let folder = '';

class Person {
  name = 'Ada';
  'born in' = 1815;
}
const registry = () => typeRegistry().register('Person', Person, { fields: ['name', 'born in'] });
const PLAIN: Subject = {
  cookieName: '__Host-login',
  holds: 'session',
  isSigned: false,
  keys: ['sealring'],
  purpose: undefined,
  context: '',
  maxAge: undefined,
  clock: undefined,
  chunks: 1,
  types: new Map(),
  dictionary: [],
};

const VALUES = { who: { ...new Person() }, since: new Date('2026-01-01') };
const SESSION = "Map(2) {\n  'who' => { name: 'Ada', 'born in': 1815 },\n  'since' => 2026-01-01T00:00:00.000Z\n}";

interface Case {
  readonly name: string;
  readonly subject: Subject;
  /** The Cookie header that a browser sends. */
  readonly header: () => Promise<string> | string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the program answers. */
  readonly answer: string;
  readonly frameworks: readonly Framework[];
}

const cases: Case[] = [
  {
    name: 'session',
    subject: {
      ...PLAIN,
      types: new Map([['Person', ['name', 'born in']]]),
      dictionary: ['who', 'since'],
      maxAge: 3600,
    },
    header: () =>
      sessionHeader({ keys: [KEY], types: registry(), dictionary: ['who', 'since'] }, 'login', {
        ...VALUES,
        who: new Person(),
      }),
    environment: { SESSION_KEY: KEY },
    answer: SESSION.replace('{ name', 'Person { name'),
    frameworks: FRAMEWORKS,
  },
  {
    name: 'value',
    subject: { ...PLAIN, cookieName: 'link', holds: 'value', context: "it's", maxAge: 60 },
    header: () =>
      `a=b; link=${createSealer({ keys: [KEY], purpose: 'sealring:cookie:link', reserved: true }).seal([1n], { context: "it's" })}`,
    environment: { SESSION_KEY: KEY },
    answer: '[ 1n ]',
    frameworks: FRAMEWORKS,
  },
  {
    name: 'signed-by-the-second-key',
    subject: { ...PLAIN, cookieName: 'cart', isSigned: true, keys: ['sealring', 'hex'] },
    header: () =>
      sessionHeader({ keys: [{ secret: OLD_KEY, encrypt: false }], cookie: { prefix: 'none' } }, 'cart', VALUES),
    environment: { SESSION_KEY: KEY, SESSION_KEY_2: Buffer.from(OLD_KEY).toString('hex') },
    answer: SESSION,
    frameworks: ['node'],
  },
  {
    name: 'clock-and-purpose',
    subject: { ...PLAIN, purpose: 'magic-link', clock: 1_700_000_100, maxAge: 900 },
    header: () =>
      `__Host-login=${createSealer({ keys: [KEY], purpose: 'magic-link' }).seal('in', { now: 1_700_000_000 })}`,
    environment: { SESSION_KEY: KEY },
    answer: "'in'",
    frameworks: ['fetch'],
  },
  {
    name: 'session-of-another-day',
    subject: { ...PLAIN, clock: 1_700_000_100, cookieName: '__Secure-login' },
    header: () =>
      sessionHeader({ keys: [KEY], now: () => 1_700_000_000, cookie: { prefix: '__Secure-' } }, 'login', VALUES),
    environment: { SESSION_KEY: KEY },
    answer: SESSION,
    frameworks: ['fetch'],
  },
  {
    name: 'session-in-three-cookies',
    subject: { ...PLAIN, chunks: 3 },
    header: () => sessionHeader({ keys: [KEY], chunks: 3 }, 'login', { ...VALUES, filler: 'é'.repeat(4000) }),
    environment: { SESSION_KEY: KEY },
    answer: 'Map(3) {',
    frameworks: ['hono'],
  },
  {
    name: 'id',
    subject: { ...PLAIN, holds: 'id' },
    header: () => '',
    environment: { SESSION_KEY: KEY },
    answer: 'Not opened: no such cookie',
    frameworks: ['fetch', 'koa'],
  },
  {
    name: 'odd-names',
    subject: {
      ...PLAIN,
      cookieName: 'a.1',
      types: new Map([
        ['Map', ['constructor', '2']],
        ['my class', []],
      ]),
      dictionary: Array.from({ length: 40 }, (_, index) => `name "${index}" in 'quotes'`),
    },
    header: () => '',
    environment: { SESSION_KEY: KEY },
    answer: 'Not opened: ERR_SEAL_MALFORMED',
    frameworks: ['fetch'],
  },
];
const rows = cases.flatMap((each) => each.frameworks.map((framework) => ({ ...each, framework })));
const fileOf = ({ name, framework }: { name: string; framework: Framework }) => join(folder, `${name}-${framework}.ts`);

beforeAll(() => {
  folder = makeProgramFolder('programs');
  for (const row of rows) writeFileSync(fileOf(row), writeProgram(row.framework, row.subject));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeProgram()', () => {
  it('writes programs without a mistake of type', async () => {
    expect(await findMistakes(folder)).toBe('');
  }, 60_000);

  it.each(rows)('opens a cookie: $name, $framework', async (row) => {
    const text = await ask(row.framework, fileOf(row), await row.header(), row.environment);
    expect(row.answer.endsWith('{') ? text.slice(0, row.answer.length) : text).toBe(row.answer);
  });

  it('has no key in it', () => {
    for (const { framework, subject } of rows) expect(writeProgram(framework, subject)).not.toContain('sealring_');
  });
});
