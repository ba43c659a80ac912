/**
 * A process that works on one record of a PostgreSQL backend: `node postgres-process.ts <write | increment> <driver> <url> <table> <times>`.
 * It says `ready` once it is connected, starts when a line comes, and says each number it wrote once that is acknowledged.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { postgres } from '../../../packages/sessions/src/postgres.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';
import { driverNamed } from './postgres-drivers.ts';

const [task, driver = '', url = '', table = '', times] = process.argv.slice(2);
const opened = driverNamed(driver).open(url, { max: 1, session: { application_name: `process-${process.pid}` } });
const backend = postgres(opened.client, { table });
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;

let { number: last } = await stored();
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
({ number: last } = await stored());
for (let time = 0; time < Number(times); time++) await (task === 'increment' ? increment() : write(++last));
await opened.end();

async function write(number: number): Promise<void> {
  await backend.set('a', formatNumbered(number), { expiresAt });
  writeSync(1, `${number}\n`);
}

async function increment(): Promise<void> {
  for (;;) {
    const { number, version } = await stored();
    if (await backend.set('a', formatNumbered(number + 1), { expiresAt, ifVersion: version })) {
      writeSync(1, `${number + 1}\n`);
      return;
    }
  }
}

async function stored(): Promise<{ number: number; version: string | null }> {
  const record = await backend.get('a');
  if (record === undefined) return { number: 0, version: null };
  const number = parseNumbered(record.data);
  if (number === undefined) throw new Error('a torn record');
  return { number, version: record.version };
}
