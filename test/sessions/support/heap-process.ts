/**
 * A process that serves requests and measures its heap: `node --expose-gc heap-process.ts <task> <requests>`. It says as JSON how many
 * bytes the heap has grown by, after garbage collection, and how long that took in milliseconds.
 */
import { generateKey } from '@sealring/codec';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import type { NodeResponse } from '../../../packages/sessions/src/response/node.ts';
import { save } from '../../../packages/sessions/src/response/save.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import type { SessionRequest } from '../../../packages/sessions/src/store/request.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';

const KEYS = [generateKey()];
const WARM_UP = 10_000;

/** A response as cheap as can be: what is measured is the session layer. */
class BareResponse implements NodeResponse {
  statusCode = 200;
  readonly headersSent = false;
  readonly headers = new Map<string, number | string | readonly string[]>();
  getHeader(name: string): number | string | readonly string[] | undefined {
    return this.headers.get(name.toLowerCase());
  }
  setHeader(name: string, value: number | string | readonly string[]): void {
    this.headers.set(name.toLowerCase(), value);
  }
  removeHeader(name: string): void {
    this.headers.delete(name.toLowerCase());
  }
  writeHead(): void {}
  write(): boolean {
    return true;
  }
  end(): void {}
  flushHeaders(): void {}
  emit(): boolean {
    return false;
  }
  destroy(): void {}
}

interface Task {
  store: Store;
  isWriting: boolean;
  isFetch: boolean;
}

const tasks: Readonly<Record<string, () => Task>> = {
  read: () => ({ store: cookieStore({ keys: KEYS }), isWriting: false, isFetch: false }),
  'read-fetch': () => ({ store: cookieStore({ keys: KEYS }), isWriting: false, isFetch: true }),
  write: () => ({ store: cookieStore({ keys: KEYS }), isWriting: true, isFetch: false }),
  'memory-read': () => ({ store: serverStore({ keys: KEYS, backend: memory() }), isWriting: false, isFetch: false }),
  'memory-write': () => ({ store: serverStore({ keys: KEYS, backend: memory() }), isWriting: true, isFetch: false }),
};

const [name = '', requests] = process.argv.slice(2);
const task = tasks[name]?.();
if (task === undefined || gc === undefined)
  throw new Error(`expected --expose-gc and a task: ${Object.keys(tasks).join(', ')}`);
let cookie = await login(task.store);
await serve(task, WARM_UP);
const before = heap();
const startedAt = performance.now();
await serve(task, Number(requests));
const milliseconds = Math.round(performance.now() - startedAt);
process.stdout.write(JSON.stringify({ grown: heap() - before, milliseconds }));

/** @returns the Cookie header. */
async function login(store: Store): Promise<string> {
  const request = new Request('https://example.org/');
  (await store.get(request, 'login')).set('user', 42).set('roles', ['admin', 'editor']).set('visits', 0);
  const response = await save(request, new Response());
  return cookieOf(response.headers.getSetCookie());
}

async function serve({ store, isWriting, isFetch }: Task, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    if (isFetch) {
      const request = new Request('https://example.org/', { headers: { cookie } });
      await handle(store, request, isWriting);
      await save(request, new Response());
    } else {
      const request = { headers: { cookie } };
      const response = new BareResponse();
      await handle(store, request, isWriting);
      await save(request, response);
      const set = response.getHeader('set-cookie');
      if (set !== undefined) cookie = cookieOf([set].flat().map(String)); // as a browser does
    }
  }
}

async function handle(store: Store, request: SessionRequest, isWriting: boolean): Promise<void> {
  const session = await store.get(request, 'login');
  if (session.get('user') !== 42) throw new Error(`the session was not found: ${session.rejected}`);
  if (isWriting) session.update('visits', (visits = 0) => visits + 1);
}

function cookieOf(lines: readonly string[]): string {
  return (lines[0] ?? '').replace(/;.*/, '');
}

function heap(): number {
  for (let time = 0; time < 4; time++) gc?.();
  return process.memoryUsage().heapUsed;
}
