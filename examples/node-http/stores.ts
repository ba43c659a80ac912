/** Keys go in, the shop's two sessions come out: who someone is, sealed inside a cookie; what they buy, in a record on the server. */
import { typeRegistry } from '@sealring/codec';
import { cookieStore, type DefinedSession, defineSession, memory, type Store, serverStore } from 'sealring';
import { CartItem, type Items, Money } from './goods.ts';

/** The login: small, and there is no record of it anywhere but in the visitor's browser. */
export interface LoginValues {
  /** Goes with every form, see form-token.ts. */
  formToken: string;
  name: string;
  signedInAt: Date;
  lastOrder: { placedAt: Date; total: Money };
}

/** The cart: of any size, and exact when requests overlap. */
export interface CartValues {
  items: Items;
}

export interface Stores {
  readonly login: DefinedSession<LoginValues>;
  readonly cart: DefinedSession<CartValues>;
  /** For "sign out everywhere". */
  readonly logins: Store;
}

// The names are in every token, so they never change. Fields are positional: new ones go to the end.
const types = typeRegistry()
  .register('Money', Money, { fields: ['cents', 'currency'] })
  .register('Item', CartItem, {
    encode: ({ name, price, count }) => [name, price, count],
    decode: ([name, price, count]) => new CartItem(name, price, count),
  });

// In the memory of this process, which is enough to try things out. A program with more to lose gives `sqlite(path)`, `redis(client)`
// or `postgres(client)` here, and nothing else changes.
const records = memory();
const endedLogins = memory();

/** @param keys the first seals, all of them open. */
export function openStores(keys: readonly string[]): Stores {
  // Only for plain http on your own machine. Without `secure: false` cookies go over https alone, as __Host-login and __Host-cart.
  const cookie = { secure: false };

  // A cookie is good for whoever has it. `revocations` remembers which logins have ended, so that their copies are worth nothing.
  const logins = cookieStore({ keys, types, cookie, maxAge: 7 * 24 * 60 * 60, revocations: endedLogins });
  const carts = serverStore({ keys, types, cookie, backend: records });

  return {
    login: defineSession<LoginValues>({ store: logins, name: 'login' }),
    cart: defineSession<CartValues>({ store: carts, name: 'cart' }),
    logins,
  };
}
