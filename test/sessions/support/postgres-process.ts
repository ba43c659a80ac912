/**
 * A process that works on one record of a PostgreSQL backend: `node postgres-process.ts <write | increment> <driver> <url> <table> <times>`.
 * It says `ready` once it is connected, starts when a line comes, and says each number it wrote once that is acknowledged.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';
import { postgres } from '../../../packages/sessions/src/backends/postgres.ts';
import { formatNumbered, parseNumbered } from './numbered.ts';
import { driverNamed } from './postgres-drivers.ts';
import { write } from './write.ts';

const [task, driver = '', url = '', table = '', times] = process.argv.slice(2);
const opened = driverNamed(driver).open(url, { max: 1, session: { application_name: `process-${process.pid}` } });
const backend = postgres(opened.client, { table });
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;

let { number: last } = await stored();
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
({ number: last } = await stored());
for (let time = 0; time < Number(times); time++) await (task === 'increment' ? increment() : writeNumber(++last));
await opened.end();

async function writeNumber(number: number): Promise<void> {
  await write(backend, 'a', formatNumbered(number), { expiresAt });
  writeSync(1, `${number}\n`);
}

async function increment(): Promise<void> {
  for (;;) {
    const { number, record } = await stored();
    if (await write(backend, 'a', formatNumbered(number + 1), { expiresAt, over: record })) {
      writeSync(1, `${number + 1}\n`);
      return;
    }
  }
}

async function stored(): Promise<{ number: number; record: StoredRecord | null }> {
  const record = await backend.get('a');
  if (record === undefined) return { number: 0, record: null };
  const number = parseNumbered(record.data);
  if (number === undefined) throw new Error('a torn record');
  return { number, record };
}
