/** The edge runtime has no SQLite: only the cookie store is there. */
import { cookieStore, defineSession } from 'sealring';

const store = cookieStore({ keys: () => [process.env.SESSION_KEY], cookie: { secure: false } });

export const login = defineSession<{ count: number }, string>({ store, name: 'login' });
export const cart = defineSession<{ items: number }>({ store, name: 'cart' });
