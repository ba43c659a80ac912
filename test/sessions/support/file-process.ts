/**
 * A process that works on one record of a file backend: `node file-process.ts <write | increment> <directory> <id> <times>`.
 * It says `ready`, starts when a line comes, and says each number it wrote once that is acknowledged.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { file } from '../../../packages/sessions/src/file.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';

const [task, directory = '', id = '', times] = process.argv.slice(2);
const backend = file(directory);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;

writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
let { number: last } = await stored();
for (let time = 0; time < Number(times); time++) await (task === 'increment' ? increment() : write(++last));

async function write(number: number): Promise<void> {
  await backend.set(id, formatNumbered(number), { expiresAt });
  writeSync(1, `${number}\n`);
}

async function increment(): Promise<void> {
  for (;;) {
    const { number, version } = await stored();
    if (await backend.set(id, formatNumbered(number + 1), { expiresAt, ifVersion: version })) {
      writeSync(1, `${number + 1}\n`);
      return;
    }
  }
}

async function stored(): Promise<{ number: number; version: string | null }> {
  const record = await backend.get(id);
  if (record === undefined) return { number: 0, version: null };
  const number = parseNumbered(record.data);
  if (number === undefined) throw new Error('a torn record');
  return { number, version: record.version };
}
