/**
 * A process that counts up in one session: `node session-process.ts <backend as JSON> <key> <cookie> <times>`. It says `ready`, starts when
 * a line comes, and says at the end how often a request had to be tried again.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { SessionError } from '../../../packages/sessions/src/error.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { openBackend } from './real-backends.ts';

const [spec = '', key = '', cookie = '', times] = process.argv.slice(2);
let conflicts = 0;
let repeats = 0;
const onEvent = ({ type }: { type: string }) => {
  if (type === 'conflict') conflicts++;
};
const { backend, close } = await openBackend(JSON.parse(spec));
const store = serverStore({ keys: [key], backend, onEvent });

writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
for (let time = 0; time < Number(times); time++) while (!(await increment())) repeats++;
writeSync(1, `${conflicts} ${repeats}\n`);
await close();

/** @returns false when the store has given up, as others were always faster. */
async function increment(): Promise<boolean> {
  const request = new Request('https://example.org/', { headers: { cookie } });
  const session = await store.get(request, 'a');
  if (session.isNew) throw new Error(`the session was not found: ${session.rejected}`);
  session.update('n', (n = 0) => n + 1);
  try {
    await save(request, new Response());
    return true;
  } catch (error) {
    if (error instanceof SessionError && error.code === 'ERR_SESSION_CONFLICT') return false;
    throw error;
  }
}
