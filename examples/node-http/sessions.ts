/** Keys go in, a visitor's two sessions come out: who someone is, sealed inside a cookie; what they buy, in a record on the server. */
import { cookieStore, defineSession, memory, type SessionOf, serverStore, typeRegistry } from 'sealring';
import { Money } from './goods.ts';

interface Login {
  signedInAt: Date;
  lastOrder: { placedAt: Date; total: Money };
}

interface Cart {
  /** How many of each product. */
  items: Map<string, number>;
}

export interface Visit {
  readonly login: SessionOf<Login>;
  readonly cart: SessionOf<Cart, string>;
}

const types = typeRegistry().register('Money', Money, { fields: ['cents'] }); // the name is in the tokens: never change it
// In the memory of this process. A real program has `sqlite(path)`, `redis(client)` or `postgres(client)` here.
const endedLogins = memory();
const carts = memory();

/** @param keys the first one seals, all of them open. */
export function openSessions(keys: readonly string[]) {
  const options = { keys, types, cookie: { secure: false } }; // for plain http on your own machine
  // Whoever copies a cookie has the login. `revocations` knows which logins have ended, so that their copies are rejected.
  const logins = cookieStore({ ...options, revocations: endedLogins });
  return {
    logins,
    login: defineSession<Login>({ store: logins, name: 'login' }),
    cart: defineSession<Cart, string>({ store: serverStore({ ...options, backend: carts }), name: 'cart' }),
  };
}
