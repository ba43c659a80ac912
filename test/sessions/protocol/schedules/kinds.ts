/** The kinds of store that are explored, on whatever backend. */

import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';
import { cookieStore } from '../../../../packages/sessions/src/store/cookie-store.ts';
import { serverStore } from '../../../../packages/sessions/src/store/server-store.ts';
import type { Store } from '../../../../packages/sessions/src/store/store.ts';
import { secret } from '../../../codec/support.ts';

/** 1,000 seconds without a request end a session; a visit after 100 renews it. */
export const IDLE_TIMEOUT = 1_000;

const [OLD, NEW] = [secret(1), secret(2)];

export interface Kind {
  readonly name: string;
  /** Whether a backend has the contents: then no update is lost. */
  readonly isServer: boolean;
  readonly canList: boolean;
  /** How many backends it takes. */
  readonly backends: 1 | 2;
  /** Whether answers have to arrive in the order in which they were given, because others than a move set the cookie: of two the last one counts. */
  readonly answersAtOnce: boolean;
  /** @param server which of several servers opens it; `undefined`: the one that has made the sessions. */
  open(backends: readonly Backend[], now: () => number, server?: number): Store;
}

export const SERVER: Kind = { ...server([OLD]), name: 'server store' };

export const UNLISTED: Kind = { ...SERVER, name: 'server store whose backend cannot list', canList: false };

export const COOKIE: Kind = { ...cookie([OLD]), name: 'cookie store with revocations' };

export const OVERFLOW: Kind = { ...COOKIE, name: 'cookie store with revocations and overflow', backends: 2 };

/** The keys have been rotated: what is there was sealed with the old one, and is listed under the index name that it gives. */
export const ROTATED: readonly Kind[] = [
  { ...server([OLD], [NEW, OLD]), name: 'server store, new key', answersAtOnce: true },
  { ...server([OLD], [NEW, OLD]), name: 'server store that cannot list, new key', answersAtOnce: true, canList: false },
  { ...cookie([OLD], [NEW, OLD]), name: 'cookie store with revocations, new key' },
];

/** Every second server has the new key first already, so that what one of them seals is stale to the other. */
export const ROTATING: readonly Kind[] = [
  { ...server([OLD, NEW], [OLD, NEW], [NEW, OLD]), name: 'server store, keys rotating', answersAtOnce: true },
  { ...cookie([OLD, NEW], [OLD, NEW], [NEW, OLD]), name: 'cookie store with revocations, keys rotating' },
];

/** @param before the keys of the server that has made the sessions. @param keys those of the others in turn. Default: the same. */
function server(before: Uint8Array[], ...keys: readonly Uint8Array[][]): Omit<Kind, 'name'> {
  const open: Kind['open'] = ([backend], now, at) =>
    serverStore({ keys: keysOf(before, keys, at), backend: needed(backend), now, idleTimeout: IDLE_TIMEOUT });
  return { isServer: true, canList: true, backends: 1, answersAtOnce: false, open };
}

function cookie(before: Uint8Array[], ...keys: readonly Uint8Array[][]): Omit<Kind, 'name'> {
  const open: Kind['open'] = ([revocations, overflow], now, at) =>
    cookieStore({
      keys: keysOf(before, keys, at),
      revocations: needed(revocations),
      ...(overflow && { overflow }),
      now,
      idleTimeout: IDLE_TIMEOUT,
    });
  return { isServer: false, canList: true, backends: 1, answersAtOnce: true, open };
}

function keysOf(before: Uint8Array[], keys: readonly Uint8Array[][], server: number | undefined): Uint8Array[] {
  return (server === undefined ? undefined : keys[server % keys.length]) ?? before;
}

function needed(backend: Backend | undefined): Backend {
  if (backend === undefined) throw new Error('A store needs a backend');
  return backend;
}
