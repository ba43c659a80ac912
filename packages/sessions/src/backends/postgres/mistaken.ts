/** The clients that could be taken for one that `postgres()` can use. */

import { hasMethods, type Mistake, property } from '../kit/clients.ts';

export const MISTAKES: readonly Mistake[] = [
  {
    is: (client) => property(client, '$pool') !== undefined,
    got: 'a database of pg-promise',
    remedy: 'pass its pool, db.$pool',
  },
  {
    is: (client) => property(client, '$client') !== undefined,
    got: 'a database of Drizzle',
    remedy: 'pass its client, db.$client',
  },
  {
    is: (client) => hasMethods(client, 'query', 'oneFirst'),
    got: 'a pool of slonik, which runs only its own queries',
    remedy: 'pass a Pool of pg',
  },
  {
    is: (client) => hasMethods(client, 'query', 'execute'),
    got: 'a client of mysql2',
    remedy: 'this backend needs PostgreSQL',
  },
  {
    is: (client) => typeof client === 'function' && hasMethods(client, 'query', 'transaction'),
    got: 'what neon() returns',
    remedy: 'pass a Pool of @neondatabase/serverless',
  },
  {
    is: (client) => typeof client === 'function' && hasMethods(client, 'savepoint'),
    got: 'a transaction of postgres.js',
    remedy: 'pass what postgres() returns',
  },
  {
    is: (client) => ['ending', 'ended', '_ending', '_ended'].some((name) => property(client, name) === true), // pg
    got: 'one that was ended',
    remedy: 'end it when the process ends',
  },
  {
    is: (client) => property(client, '_connected') === false && property(client, '_connecting') === false, // pg
    got: 'a Client of pg that is not connected',
    remedy: 'await client.connect() first, or pass a Pool',
  },
];
