/** The kinds of store that are explored, on whatever backend. */

import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { cookieStore } from '../../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../../packages/sessions/src/store/store.ts';
import { secret } from '../../../codec/support.ts';

/** 1,000 seconds without a request end a session; a visit after 100 renews it. */
export const IDLE_TIMEOUT = 1_000;

const KEYS = [secret(1)];

export interface Kind {
  readonly name: string;
  /** Whether a backend has the contents: then no update is lost. */
  readonly isServer: boolean;
  readonly canList: boolean;
  /** How many backends it takes. */
  readonly backends: 1 | 2;
  open(backends: readonly Backend[], now: () => number): Store;
}

export const SERVER: Kind = {
  name: 'server store',
  isServer: true,
  canList: true,
  backends: 1,
  open: ([backend], now) => serverStore({ keys: KEYS, backend: backend as Backend, now, idleTimeout: IDLE_TIMEOUT }),
};

export const UNLISTED: Kind = { ...SERVER, name: 'server store whose backend cannot list', canList: false };

export const COOKIE: Kind = {
  name: 'cookie store with revocations',
  isServer: false,
  canList: true,
  backends: 1,
  open: ([revocations], now) =>
    cookieStore({ keys: KEYS, revocations: revocations as Backend, now, idleTimeout: IDLE_TIMEOUT }),
};

export const OVERFLOW: Kind = {
  name: 'cookie store with revocations and overflow',
  isServer: false,
  canList: true,
  backends: 2,
  open: ([revocations, overflow], now) =>
    cookieStore({
      keys: KEYS,
      revocations: revocations as Backend,
      overflow: overflow as Backend,
      now,
      idleTimeout: IDLE_TIMEOUT,
    }),
};
