/** Takes the place of an example's sessions.ts: the same session, and a second one, in the store that STORE names. */
import { type Backend, cookieStore, defineSession, serverStore } from 'sealring';
import { sqlite } from 'sealring/sqlite';

const { SESSION_KEY, STORE, DATABASE = '' } = process.env;
const options = { keys: () => [SESSION_KEY], cookie: { secure: false } };

const store = STORE === 'server' ? serverStore({ ...options, backend: distant(DATABASE) }) : cookieStore(options);

export const login = defineSession<{ count: number }, string>({ store, name: 'login' });
export const cart = defineSession<{ items: number }>({ store, name: 'cart' });

/** A database that takes 20 ms to answer. */
function distant(path: string): Backend {
  const near = sqlite(path);
  const travel = () => new Promise((resolve) => setTimeout(resolve, 20));
  return {
    cas: near.cas,
    get: async (id) => travel().then(() => near.get(id)),
    set: async (id, data, settings) => travel().then(() => near.set(id, data, settings)),
    delete: async (id) => travel().then(() => near.delete(id)),
  };
}
