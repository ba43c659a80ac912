/** One session, several processes: every update of each of them counts. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { generateKey } from '@sealring/codec';
import { afterAll, expect, it } from 'vitest';
import { file } from '../../packages/sessions/src/file.ts';
import { save } from '../../packages/sessions/src/save.ts';
import { serverStore } from '../../packages/sessions/src/server-store.ts';
import { at, built } from '../support/repository.ts';

const PROCESSES = 4;
const TIMES = 250;

const directory = mkdtempSync(join(tmpdir(), 'sealring-processes-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('counts exactly 1000 where four processes count up 250 times each', { timeout: 600_000 }, async () => {
  built('packages/codec/dist/index.js'); // the processes import it by its name
  const key = generateKey();
  const store = serverStore({ keys: [key], backend: file(directory) });
  const first = new Request('https://example.org/');
  (await store.get(first, 'a')).set('n', 0);
  const [line = ''] = (await save(first, new Response())).headers.getSetCookie();
  const cookie = line.replace(/;.*/, '');

  const children = Array.from({ length: PROCESSES }, () => start(key, cookie));
  await Promise.all(children.map(({ ready }) => ready));
  const startedAt = performance.now();
  const said = await Promise.all(children.map((child) => child.run()));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);

  const session = await store.get({ headers: { cookie } }, 'a');
  const conflicts = said.reduce((sum, [number = 0]) => sum + number, 0);
  const repeats = said.reduce((sum, [, number = 0]) => sum + number, 0);
  const count = session.get('n');
  console.log(
    `${count} counted of ${PROCESSES * TIMES} in ${seconds} s; ${conflicts} conflicts, ${repeats} requests given up`,
  );
  expect(count).toBe(PROCESSES * TIMES);
  expect(conflicts).toBeGreaterThan(0); // or nothing has been tested
});

/** One of the processes. */
interface Child {
  ready: Promise<unknown>;
  /** @returns the numbers it said at its end. */
  run(): Promise<number[]>;
}

function start(key: string, cookie: string): Child {
  const script = at('test/sessions/support/session-process.ts');
  const command = ['--disable-warning=ExperimentalWarning', script, directory, key, cookie, String(TIMES)];
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, command, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = once(child, 'close');
  const failed = closed.then(() => Promise.reject(new Error('it ended before it was ready')));
  failed.catch(() => {}); // it ends after it was ready as well
  return {
    ready: Promise.race([once(child.stdout, 'data'), failed]),
    run: async () => {
      child.stdin.end('go\n');
      await closed;
      if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode}`);
      return (said.split('\n')[1] ?? '').split(' ').map(Number);
    },
  };
}
