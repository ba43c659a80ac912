/**
 * A server process: `node worker.ts <store> <backend as JSON> <key>`. It takes orders as lines of JSON, carries all of them out at once, and answers each
 * with a line of JSON.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cookieStore } from '../../../../packages/sessions/src/store/cookie-store.ts';
import { inScope } from '../../../../packages/sessions/src/store/scope.ts';
import { serverStore } from '../../../../packages/sessions/src/store/server-store.ts';
import { openBackend } from '../../support/real-backends.ts';
import type { Order, Report } from './orders.ts';

const [kind, spec = '', key = ''] = process.argv.slice(2);
const { backend, close } = await openBackend(JSON.parse(spec));
const store =
  kind === 'server' ? serverStore({ keys: [key], backend }) : cookieStore({ keys: [key], revocations: backend });
/** Requests that wait for `go`, by number. */
const held = new Map<number, () => void>();

function say(report: Report): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}

async function serve({ number, cookie, acts, subject }: Order): Promise<void> {
  const request = { headers: cookie === undefined ? {} : { cookie } };
  const report = await inScope(request, async (scope): Promise<Report> => {
    const session = await store.get(request, 'login');
    const { subject: whose } = session;
    const cart = Number(session.get('cart') ?? 0);
    const found = session.isNew ? undefined : { cart, ...(whose !== undefined && { subject: whose }) };
    for (const act of acts) {
      if (act === 'login') await session.login(subject);
      else if (act === 'regenerate') await session.regenerate();
      else if (act === 'logout') session.logout();
      else if (act === 'revokeAll') await store.revokeAll(subject);
      else if (act === 'buy') session.update('cart', (cart = 0) => cart + 1);
      else {
        const goOn = new Promise<void>((resolve) => held.set(number, resolve));
        say({ number, isHeld: true });
        await goOn;
      }
    }
    const { cookies, sessions } = await scope.commit();
    const { outcome = 'none', error } = sessions[0] ?? {};
    if (outcome === 'failed') throw error;
    const [set] = cookies;
    const isSet = set !== undefined && set.maxAge !== 0;
    return { number, isHeld: false, outcome, found, ...(isSet && { cookie: `${set.name}=${set.value}` }) };
  });
  say(report);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order: Order | { readonly go: number } = JSON.parse(line);
    if ('go' in order) held.get(order.go)?.();
    else void serve(order); // an error that nobody expects ends the process, and the test with it
  })
  .on('close', () => void close());
