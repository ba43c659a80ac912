/** How many calls of a backend each operation takes without contention: the model and the real code are held to the same table. */
import type { Act } from './requests.ts';

/** One operation of a request that came with a cookie. `load` is what `get` takes before. */
export interface Calls {
  readonly title: string;
  readonly acts: readonly Act[];
  /** Whether the visitor has logged in before. */
  readonly isAnonymous: boolean;
  /** Whether it is time to renew the session. */
  readonly isOld?: true;
  /** Whether the request has no cookie. */
  readonly isNew?: true;
  readonly server: { readonly load: number; readonly more: number };
  /** With revocations. */
  readonly cookie: { readonly load: number; readonly more: number };
}

/** Two sessions of the subject are there, `a` and `b`; a visitor who has not logged in is not one of them. */
export const CALLS: readonly Calls[] = [
  row('a read', [], { server: [1, 0], cookie: [2, 0] }),
  row('a read, anonymous', [], { server: [1, 0], cookie: [1, 0] }, { isAnonymous: true }),
  row('a new session', ['write'], { server: [0, 1], cookie: [0, 0] }, { isNew: true, isAnonymous: true }),
  row('a write', ['write'], { server: [1, 1], cookie: [2, 2] }),
  row('a write, anonymous', ['write'], { server: [1, 1], cookie: [1, 1] }, { isAnonymous: true }),
  row('a renewal', ['read'], { server: [1, 1], cookie: [2, 2] }, { isOld: true }),
  row('regenerate', ['regenerate'], { server: [1, 2], cookie: [2, 2] }),
  row('regenerate, anonymous', ['regenerate'], { server: [1, 2], cookie: [1, 1] }, { isAnonymous: true }),
  row('a login', ['login'], { server: [1, 1 + 3], cookie: [1, 1 + 2] }, { isAnonymous: true }),
  row(
    'a login without a session',
    ['login'],
    { server: [0, 1 + 2], cookie: [0, 1 + 1] },
    { isNew: true, isAnonymous: true },
  ),
  row('a logout', ['logout'], { server: [1, 1], cookie: [2, 1] }),
  row('revokeAll of two sessions', ['all'], { server: [1, 2 + 1 + 2 * 2], cookie: [2, 2] }),
  row('revokeAll, and login', ['all', 'login'], { server: [1, 2 + 1 + 2 * 2 + 3], cookie: [2, 2 + 3] }),
  row('revokeAll except itself', ['except'], { server: [1, 2 + 1 + 1 + 2 + 2], cookie: [2, 2 + 2] }),
];

function row(
  title: string,
  acts: readonly Act[],
  { server, cookie }: { server: readonly [number, number]; cookie: readonly [number, number] },
  more: Partial<Pick<Calls, 'isAnonymous' | 'isOld' | 'isNew'>> = {},
): Calls {
  const calls = ([load, more]: readonly [number, number]) => ({ load, more });
  return { title, acts, isAnonymous: false, ...more, server: calls(server), cookie: calls(cookie) };
}
