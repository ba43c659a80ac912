/** What the session tests share: a browser that keeps cookies, a clock that stands still, and both kinds of store. */
import type { Backend } from '../../packages/sessions/src/backends/backend.ts';
import { memory } from '../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../packages/sessions/src/store/server-store.ts';
import type { StoreOptions } from '../../packages/sessions/src/store/setup.ts';
import type { Store } from '../../packages/sessions/src/store/store.ts';

export { secret } from '../codec/support.ts';

import { secret } from '../codec/support.ts';

let seconds = 1_767_225_600;
export const clock = {
  now: (): number => seconds,
  advance(by: number): void {
    seconds += by;
  },
};

/** A user agent: sends what it was given, forgets what it is told to. */
export class Browser {
  readonly cookies = new Map<string, string>();

  request(url = 'https://example.org/'): Request {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Request(url, { headers: cookie === '' ? {} : { cookie } });
  }

  async visit(handle: (request: Request) => Response | Promise<Response>): Promise<Response> {
    const response = await handle(this.request());
    this.take(response);
    return response;
  }

  take(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  copy(): Browser {
    const copy = new Browser();
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }
}

/** The stores in which a session that has ended opens nowhere: each with records of its own. */
export const revocable: Readonly<Record<string, (options?: Partial<StoreOptions>) => Store>> = {
  'a cookie store with revocations': (options) =>
    cookieStore({ keys: [secret(1)], now: clock.now, revocations: memory({ now: clock.now }), ...options }),
  'a server store': (options) =>
    serverStore({ keys: [secret(1)], now: clock.now, backend: memory({ now: clock.now }), ...options }),
  'a server store whose backend cannot list': (options) => {
    const backend = withoutList(memory({ now: clock.now }));
    return serverStore({ keys: [secret(1)], now: clock.now, backend, ...options });
  },
};

export function withoutList(backend: Backend): Backend {
  return {
    cas: backend.cas,
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
  };
}

export interface StoreKind {
  readonly isServer: boolean;
  /** All stores of one kind share a backend, as servers do. */
  create(options?: Partial<StoreOptions>): Store;
  /** How many times the backend was written to. */
  writes(): number;
  toString(): string;
}

const shared = counting(memory({ now: clock.now }));

export const kinds: readonly StoreKind[] = [
  {
    isServer: false,
    create: (options) => cookieStore({ keys: [secret(1)], now: clock.now, ...options }),
    writes: () => 0,
    toString: () => 'a cookie',
  },
  {
    isServer: true,
    create: (options) => serverStore({ keys: [secret(1)], now: clock.now, backend: shared.backend, ...options }),
    writes: () => shared.writes(),
    toString: () => 'a server',
  },
];

function counting(inner: Backend): { backend: Backend; writes: () => number } {
  let writes = 0;
  const count = <T>(result: T): T => {
    writes++;
    return result;
  };
  return {
    writes: () => writes,
    backend: {
      cas: inner.cas,
      get: (id) => inner.get(id),
      set: (id, data, options) => count(inner.set(id, data, options)),
      delete: (id) => count(inner.delete(id)),
      list: (subject) => inner.list?.(subject) ?? nothing(),
    },
  };
}

async function* nothing(): AsyncGenerator<never> {}
