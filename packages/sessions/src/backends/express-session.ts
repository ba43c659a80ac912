/** Stores of express-session and @fastify/session, both ways: a backend as such a store, and such a store as a backend. */

export type { Callback } from './express-session/callbacks.ts';
export type { ForeignSession } from './express-session/envelope.ts';
export type { ForeignStore, FromExpressStoreOptions } from './express-session/from-store.ts';
export { fromExpressStore } from './express-session/from-store.ts';
export type { ExpressStoreEvent, ExpressStoreOptions } from './express-session/store-options.ts';
export type { ExpressSessionStore, ExpressStore } from './express-session/to-store.ts';
export { toExpressStore } from './express-session/to-store.ts';
