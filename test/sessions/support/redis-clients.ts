/** The clients that redis() is held against, each on the real thing. */
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Redis as Valkey } from 'iovalkey';
import { createClient, createClientPool } from 'redis';
import type { RedisClient } from '../../../packages/sessions/src/backends/redis.ts';

export const CLIENTS = ['node-redis', 'node-redis pool', 'ioredis', 'iovalkey'] as const;
export type ClientKind = (typeof CLIENTS)[number];

/** Those that have one connection, and so say themselves what becomes of a request whose connection is cut. */
export const SINGLE: readonly ClientKind[] = ['node-redis', 'ioredis', 'iovalkey'];

export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

const SILENCE = 1_000; // milliseconds

/** @param impatient with the options that make a call fail at once where the server is away, and soon where it falls silent. */
export async function openClient(kind: ClientKind, port: number, impatient?: 'impatient'): Promise<OpenClient> {
  const socket = { host: '127.0.0.1', port, reconnectStrategy: () => 20 };
  switch (kind) {
    case 'node-redis': {
      const timeouts = { disableOfflineQueue: true, pingInterval: SILENCE / 4 };
      const client = impatient
        ? createClient({ ...timeouts, socket: { ...socket, socketTimeout: SILENCE } })
        : createClient({ socket });
      client.on('error', () => {}); // else a lost connection ends the process
      await client.connect();
      return { client, close: () => client.destroy() };
    }
    case 'node-redis pool': {
      const client = createClientPool({ socket }, { minimum: 2, maximum: 4 });
      client.on('error', () => {});
      await client.connect();
      return { client, close: () => client.destroy() };
    }
    default: {
      const options = {
        host: '127.0.0.1',
        port,
        retryStrategy: () => 20,
        ...(impatient && { enableOfflineQueue: false, commandTimeout: SILENCE }),
      };
      const client = kind === 'ioredis' ? new Redis(options) : new Valkey(options);
      client.on('error', () => {});
      while (client.status !== 'ready') await wait(5); // an error event says only that it tries again
      return { client, close: () => client.disconnect() };
    }
  }
}
