/**
 * A process that works on the record `a` of a file backend: `node file-process.ts <task> <directory> <argument>`. It says `ready`, and starts when
 * a line comes.
 *
 * - `write`: numbered data, one after the other; says each number once it is acknowledged.
 * - `increment <times>`: counts up by compare-and-set, and says each number in the same way.
 * - `replace <path of a pipe>`: replaces what is there; when it has the lock, it says `holds` and gives the thread pool work that lasts until the
 *   pipe is opened. Says at the end whether it has replaced it.
 * - `replace`: the same; when it has the lock, it says `holds` and stops until it gets SIGCONT.
 */
import { once } from 'node:events';
import { open, writeSync } from 'node:fs';
import { file } from '../../../packages/sessions/src/backends/file.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';
import { write } from './write.ts';

const [task, directory = '', argument] = process.argv.slice(2);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
let hold = () => {};
const now = () => {
  hold();
  return Date.now() / 1000;
};
const backend = file(directory, { now });

say('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
if (task === 'write') for (let number = (await stored()).number + 1; ; number++) await writeNumber(number);
else if (task === 'increment') for (let time = 0; time < Number(argument); time++) await increment();
else await replace();

async function writeNumber(number: number): Promise<void> {
  await write(backend, 'a', formatNumbered(number), { expiresAt });
  say(number);
}

async function increment(): Promise<void> {
  for (;;) {
    const { number, record } = await stored();
    if (await write(backend, 'a', formatNumbered(number + 1), { expiresAt, over: record ?? null }))
      return say(number + 1);
  }
}

async function replace(): Promise<void> {
  const over = await backend.get('a');
  if (over === undefined) throw new Error('there is nothing to replace');
  hold = () => {
    hold = () => {};
    say('holds');
    if (argument === undefined) process.kill(process.pid, 'SIGSTOP');
    else open(argument, 'r', () => {}); // takes a thread of the pool until somebody writes to the pipe
  };
  say(String((await write(backend, 'a', Uint8Array.of(7), { expiresAt, over })) !== false));
}

async function stored() {
  const record = await backend.get('a');
  const number = record === undefined ? 0 : parseNumbered(record.data);
  if (number === undefined) throw new Error('a torn record');
  return { number, record };
}

function say(text: string | number): void {
  writeSync(1, `${text}\n`);
}
