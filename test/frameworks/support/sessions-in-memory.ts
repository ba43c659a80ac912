/** The same as sessions.ts for runtimes without node:sqlite: the database is in the memory of the one process. */
import { type Backend, cookieStore, defineSession, memory, serverStore } from 'sealring';

const { SESSION_KEY, STORE } = process.env;
const options = { keys: () => [SESSION_KEY], cookie: { secure: false } };

const store = STORE === 'server' ? serverStore({ ...options, backend: distant() }) : cookieStore(options);

export const login = defineSession<{ count: number }, string>({ store, name: 'login' });
export const cart = defineSession<{ items: number }>({ store, name: 'cart' });

/** It takes 20 ms to answer. */
function distant(): Backend {
  const near = memory();
  const travel = () => new Promise((resolve) => setTimeout(resolve, 20));
  return {
    cas: near.cas,
    get: async (id) => travel().then(() => near.get(id)),
    set: async (id, data, settings) => travel().then(() => near.set(id, data, settings)),
    delete: async (id) => travel().then(() => near.delete(id)),
  };
}
