/**
 * A process that writes through redis(): `node redis-process.ts <client> <port>`, until it is killed. With each number it replaces one record and creates
 * one of the subject `writer`, and says the number once both are acknowledged. It says `ready` first, and starts when a line comes.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { redis } from '../../../packages/sessions/src/backends/redis.ts';
import { formatNumbered } from './numbered.ts';
import { CLIENTS, openClient } from './redis-clients.ts';
import { write } from './write.ts';

const [wanted, port] = process.argv.slice(2);
const kind = CLIENTS.find((name) => name === wanted) ?? 'ioredis';
const { client } = await openClient(kind, Number(port));
const backend = redis(client);
const expiresAt = Math.floor(Date.now() / 1000) + 86_400;

writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
let over = (await backend.get('counted')) ?? null;
for (let number = 1; ; number++) {
  const created = write(backend, `of-${number}`, formatNumbered(number), { expiresAt, over: null, subject: 'writer' });
  const replaced = await write(backend, 'counted', formatNumbered(number), { expiresAt, over });
  if (!replaced || !(await created)) throw new Error('someone else wrote');
  over = replaced;
  writeSync(1, `${number}\n`);
}
