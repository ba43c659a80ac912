/** The playground's programs, as somebody copies them: each is type-checked, and run on a cookie that it has to open. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSealer, typeRegistry } from '@sealring/codec';
import { cookieStore, save } from 'sealring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAMEWORKS, type Framework, writeProgram } from '../../../site/src/playground/code/program.ts';
import type { Subject } from '../../../site/src/playground/code/subject.ts';
import { at, built } from '../../support/repository.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const OLD_KEY = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const folder = at('.tsbuild/programs'); // inside the repository, so that the packages are found by name

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
    header: () => sessionHeader({ keys: [KEY], types: registry(), dictionary: ['who', 'since'] }),
    environment: { SESSION_KEY: KEY },
    answer: SESSION.replace('{ name', 'Person { name'),
    frameworks: FRAMEWORKS,
  },
  {
    name: 'value',
    subject: { ...PLAIN, cookieName: 'link', holds: 'value', context: "it's", maxAge: 60 },
    header: () => `a=b; link=${createSealer({ keys: [KEY], purpose: 'cookie:link' }).seal([1n], { context: "it's" })}`,
    environment: { SESSION_KEY: KEY },
    answer: '[ 1n ]',
    frameworks: FRAMEWORKS,
  },
  {
    name: 'signed-by-the-second-key',
    subject: { ...PLAIN, cookieName: 'cart', isSigned: true, keys: ['sealring', 'hex'] },
    header: () =>
      sessionHeader({ keys: [{ secret: OLD_KEY, encrypt: false }], cookie: { prefix: 'none' }, name: 'cart' }),
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
    header: () => sessionHeader({ keys: [KEY], now: () => 1_700_000_000, cookie: { prefix: '__Secure-' } }),
    environment: { SESSION_KEY: KEY },
    answer: SESSION,
    frameworks: ['fetch'],
  },
  {
    name: 'session-in-three-cookies',
    subject: { ...PLAIN, chunks: 3 },
    header: () => sessionHeader({ keys: [KEY], chunks: 3, filler: 'é'.repeat(4000) }),
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

interface SessionOptions {
  keys: Parameters<typeof cookieStore>[0]['keys'];
  types?: ReturnType<typeof registry>;
  dictionary?: string[];
  cookie?: { prefix: '__Secure-' | 'none' };
  chunks?: number;
  now?: () => number;
  name?: string;
  filler?: string;
}

async function sessionHeader({ name = 'login', filler, ...options }: SessionOptions): Promise<string> {
  const request = new Request('https://example.org/');
  const session = await cookieStore(options).get(request, name);
  session.set('who', options.types ? new Person() : { ...new Person() });
  session.set('since', new Date('2026-01-01'));
  if (filler !== undefined) session.set('filler', filler);
  const response = await save(request, new Response());
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

beforeAll(async () => {
  built('packages/sessions/dist/index.js');
  mkdirSync(folder, { recursive: true });
  for (const row of rows) writeFileSync(fileOf(row), writeProgram(row.framework, row.subject));
  const options = { noEmit: true, composite: false, incremental: false, emitDeclarationOnly: false, types: ['node'] };
  const compilerOptions = { ...options, isolatedDeclarations: false };
  const include = ['*.ts', '../../test/support/frameworks.d.ts'];
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, include }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeProgram()', () => {
  it('writes programs without a mistake of type', async () => {
    const tsc = at('node_modules/typescript/bin/tsc');
    const checked = promisify(execFile)(process.execPath, [tsc, '-p', folder]);
    const { stdout } = await checked.catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }, 60_000);

  it.each(rows)('opens a cookie: $name, $framework', async (row) => {
    const cookie = await row.header();
    const ask = row.framework === 'fetch' || row.framework === 'hono' ? askHandler : askServer;
    const answer = await ask(fileOf(row), cookie, row.environment);
    const text = answer.trimEnd();
    expect(row.answer.endsWith('{') ? text.slice(0, row.answer.length) : text).toBe(row.answer);
  });

  it('has no key in it', () => {
    for (const { framework, subject } of rows) expect(writeProgram(framework, subject)).not.toContain('sealring_');
  });
});

/** What the default export of the file answers, printed by a Node of its own. */
async function askHandler(
  file: string,
  cookie: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const caller = file.replace(/\.ts$/, '.caller.ts');
  writeFileSync(
    caller,
    `import app from ${JSON.stringify(file)};
const request = new Request('https://example.org/', { headers: ${JSON.stringify({ cookie })} });
const response = await app.fetch(request);
console.log(await response.text());`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [caller], { env: { ...process.env, ...environment } });
  return stdout;
}

async function askServer(file: string, cookie: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const port = String(await freePort());
  const env = { ...process.env, ...environment, PORT: port };
  const server = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  try {
    const response = await untilAnswered(
      `http://127.0.0.1:${port}/`,
      cookie,
      () => server.exitCode,
      () => complaints,
    );
    return await response.text();
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

async function untilAnswered(
  address: string,
  cookie: string,
  exitCode: () => number | null,
  complaints: () => string,
): Promise<Response> {
  for (;;) {
    try {
      return await fetch(address, { headers: { cookie } });
    } catch {
      if (exitCode() !== null) throw new Error(`The program ended before it listened:\n${complaints()}`);
      await new Promise((resolve) => setTimeout(resolve, 20)); // until it listens
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
