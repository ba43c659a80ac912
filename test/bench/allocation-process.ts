/** Run by allocation.ts with --expose-gc: prints what each library allocates for one request, as JSON. */
import { setImmediate } from 'node:timers/promises';
import { nextCookie } from './exchange.ts';
import { FIXTURES } from './fixtures.ts';
import { createSessionLibraries } from './session-peers.ts';

const WARM_UP = 20_000;
const COUNTED = 5_000; // with a few hundred, what the runtime itself does after a collection shows

const collect: unknown = Reflect.get(globalThis, 'gc');
if (typeof collect !== 'function') throw new Error('Run with --expose-gc');
const [value] = FIXTURES.filter(({ name }) => name === 'M').map((fixture) => fixture.value);
const results: { name: string; heap: number; buffers: number }[] = [];
for (const library of createSessionLibraries().filter(({ name }) => !/iron|h3/.test(name))) {
  const { setCookies } = await library.visit('', { fill: { ...value, visits: 1 } });
  const cookie = nextCookie('', setCookies);
  for (const deed of ['change', 'read'] as const) {
    for (let at = 0; at < WARM_UP; at++) await library.visit(cookie, deed);
    await setImmediate(); // lets the runtime finish what it has put off
    collect();
    const before = process.memoryUsage();
    for (let at = 0; at < COUNTED; at++) await library.visit(cookie, deed);
    const after = process.memoryUsage();
    const each = (key: 'heapUsed' | 'arrayBuffers') => Math.round((after[key] - before[key]) / COUNTED);
    results.push({ name: `${library.name} ${deed}`, heap: each('heapUsed'), buffers: each('arrayBuffers') });
  }
}
console.log(JSON.stringify(results));
process.exit(); // one of the peers never stops its timer
