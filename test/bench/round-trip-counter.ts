/** Round trips per operation: a proxy between backend and server counts how often the client speaks after the server has. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import pg from 'pg';
import { createClient } from 'redis';
import type { Backend } from 'sealring';
import { postgres } from 'sealring/postgres';
import { redis } from 'sealring/redis';

export interface Trips {
  readonly create: number;
  readonly read: number;
  readonly write: number;
  readonly remove: number;
}

export async function countTrips(kind: 'redis' | 'postgres', serverPort: number): Promise<Trips> {
  const proxy = await startProxy(serverPort);
  const { backend, close } = kind === 'redis' ? await openRedis(proxy.port) : await openPostgres(proxy.port);
  const expiresAt = Date.now() / 1000 + 1000;
  const data = new Uint8Array(600);
  const operate = async (id: string) => {
    const trips = async (operation: () => unknown) => {
      const before = proxy.trips();
      const result = await operation();
      return { result, trips: proxy.trips() - before };
    };
    const create = await trips(() => backend.set(id, data, { version: `${id}-1`, expiresAt, over: null }));
    const read = await trips(() => backend.get(id));
    const over = { data, version: `${id}-1`, expiresAt };
    const write = await trips(() => backend.set(id, data, { version: `${id}-2`, expiresAt, over }));
    const remove = await trips(() => backend.delete(id));
    if (create.result !== true || write.result !== true) throw new Error('there was a conflict');
    return { create: create.trips, read: read.trips, write: write.trips, remove: remove.trips };
  };
  await operate('first'); // scripts are loaded, statements prepared
  const counted = await operate('second');
  await close();
  await proxy.close();
  return counted;
}

async function openRedis(port: number): Promise<{ backend: Backend; close(): Promise<void> }> {
  const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
  return { backend: redis(client), close: async () => client.destroy() };
}

async function openPostgres(port: number): Promise<{ backend: Backend; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`, max: 1 });
  const backend = postgres(pool);
  await backend.createTable();
  return { backend, close: () => pool.end() };
}

async function startProxy(serverPort: number): Promise<{ port: number; trips(): number; close(): Promise<void> }> {
  let trips = 0;
  let isClientsTurn = true;
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    client.on('data', (sent) => {
      if (isClientsTurn) trips++;
      isClientsTurn = false;
      upstream.write(sent);
    });
    upstream.on('data', (sent) => {
      isClientsTurn = true;
      client.write(sent);
    });
    client.on('close', () => upstream.destroy()).on('error', () => {});
    upstream.on('close', () => client.destroy()).on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    trips: () => trips,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
