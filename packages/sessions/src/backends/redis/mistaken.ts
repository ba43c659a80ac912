/** The clients that could be taken for one that `redis()` can use. */

import { hasMethods, type Mistake, property } from '../kit/clients.ts';

const SUBSCRIBES = 'a connection that subscribes or monitors and can send nothing else';
const ANOTHER = 'pass another one, for example client.duplicate()';

export const MISTAKES: readonly Mistake[] = [
  {
    is: (client) => hasMethods(client, 'internal_send_command'),
    got: 'one of node-redis 3',
    remedy: 'use node-redis 4 or later',
  },
  {
    is: (client) => property(property(client, 'options'), 'legacyMode') === true,
    got: 'one of node-redis in legacyMode',
    remedy: 'create one without it, for example client.duplicate({ legacyMode: false })',
  },
  {
    is: (client) => hasMethods(client, 'sendCommand', 'evalSha') && !hasMethods(client, 'connect'),
    got: 'what legacy() of node-redis returns',
    remedy: 'pass the client itself',
  },
  {
    is: (client) => hasMethods(client, 'evalsha', 'createScript') && !hasMethods(client, 'getBuffer'),
    got: 'one of @upstash/redis, which cannot send bytes',
    remedy: 'connect to the same database with node-redis or ioredis',
  },
  {
    is: (client) => hasMethods(client, 'getBuffer') && property(client, 'status') === 'end',
    got: 'one that was closed',
    remedy: 'close it when the process ends',
  },
  {
    is: (client) => ['subscriber', 'monitor'].includes(String(property(client, 'mode'))), // ioredis
    got: SUBSCRIBES,
    remedy: ANOTHER,
  },
  {
    is: (client) => property(client, 'isPubSubActive') === true && property(property(client, 'options'), 'RESP') === 2,
    got: SUBSCRIBES,
    remedy: ANOTHER,
  },
];
