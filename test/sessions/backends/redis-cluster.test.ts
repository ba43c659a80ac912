/** redis() in a Redis Cluster: the contract through each cluster client, and sessions of one subject on several nodes. */
import { once } from 'node:events';
import { Redis, Cluster as RedisCluster } from 'ioredis';
import { Cluster as ValkeyCluster } from 'iovalkey';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../packages/sessions/src/backends/backend.ts';
import { type RedisClient, type RedisOptions, redis } from '../../../packages/sessions/src/backends/redis.ts';
import { backendContract } from '../../../packages/sessions/src/testing/contract.ts';
import { idsOf } from '../support/listing.ts';
import { startCluster, type TestCluster } from '../support/redis-cluster.ts';
import { slotOf } from '../support/redis-watch.ts';
import { missing } from '../support/servers.ts';
import { written } from '../support/write.ts';

const NOW = 2_000_000_000;
const data = Uint8Array.of(1, 128, 255);
const KINDS = ['node-redis', 'ioredis', 'iovalkey'] as const;
type Kind = (typeof KINDS)[number];
let prefixes = 0;

describe.skipIf(missing('redis'))('redis() in a cluster', () => {
  let cluster: TestCluster;
  const open = new Map<Kind, { client: RedisClient; close(): void }>();
  const nodes: Redis[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    for (const port of cluster.ports) nodes.push(new Redis(port));
    const places = cluster.ports.map((port) => ({ host: '127.0.0.1', port }));
    const nodeRedis = createCluster({ rootNodes: places.map((socket) => ({ socket })) });
    nodeRedis.on('error', () => {});
    await nodeRedis.connect();
    open.set('node-redis', { client: nodeRedis, close: () => nodeRedis.destroy() });
    const ioredis = new RedisCluster(places);
    const iovalkey = new ValkeyCluster(places);
    await Promise.all([once(ioredis, 'ready'), once(iovalkey, 'ready')]);
    open.set('ioredis', { client: ioredis, close: () => ioredis.disconnect() });
    open.set('iovalkey', { client: iovalkey, close: () => iovalkey.disconnect() });
  });
  afterAll(async () => {
    for (const { close } of open.values()) close();
    for (const node of nodes) node.disconnect();
    await cluster?.remove();
  });

  function create(kind: Kind, options: RedisOptions = {}): Backend {
    const { client } = open.get(kind) ?? {};
    if (client === undefined) throw new Error('not connected');
    return redis(client, { now: () => NOW, prefix: `test-${++prefixes}:`, ...options });
  }

  describe.each(KINDS)('%s', (kind) => {
    it.each(backendContract((now) => create(kind, { now })))('$name', ({ run }) => run());

    it('lists, renews and deletes a subject’s records on every node, after its scripts were flushed as well', async () => {
      const prefix = `spread-${++prefixes}:`;
      const backend = create(kind, { prefix });
      const ids = Array.from({ length: 60 }, (_, at) => `id-${at}`);
      const subject = 'ann';
      const records = await Promise.all(
        ids.map((id) => written(backend, id, data, { expiresAt: NOW + 100, subject, over: null })),
      );
      const counts = await Promise.all(nodes.map(async (node) => (await node.keys(`${prefix}record:*`)).length));
      expect(counts.every((count) => count > 0)).toBe(true);
      expect(counts.reduce((sum, count) => sum + count)).toBe(60);
      for (const node of nodes) await node.script('FLUSH');
      await Promise.all(
        ids.map(async (id, at) => {
          const over = at % 2 ? await backend.get(id) : records[at];
          await written(backend, id, data, { expiresAt: NOW + 300, subject, over: over ?? null });
        }),
      );
      expect(await idsOf(backend, subject)).toEqual([...ids].sort());
      expect(await Promise.all(ids.map((id) => backend.delete(id)))).toEqual(ids.map(() => true));
    });
  });

  it('counts slots as slotOf() does, which the other tests trust', async () => {
    for (const key of ['123456789', 'sealring:record:a', 'sealring:subject:ä', 'a{b}c', 'a{}c', '{a{b}c}']) {
      expect(await nodes[0]?.call('CLUSTER', 'KEYSLOT', key)).toBe(slotOf(key));
    }
  });
});
