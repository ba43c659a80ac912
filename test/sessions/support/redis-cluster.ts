/** A Redis Cluster of three nodes without replicas, on free ports of this machine. */
import { Redis } from 'ioredis';
import { until } from '../../support/eventually.ts';
import { freePort, startRedis, type TestServer } from './servers.ts';

const NODES = 3;
const SLOTS = 16_384;

export interface TestCluster {
  readonly ports: readonly number[];
  remove(): Promise<void>;
}

/** @throws when the nodes have not found each other. */
export async function startCluster(): Promise<TestCluster> {
  const servers: TestServer[] = [];
  const admins: Redis[] = [];
  const remove = async () => {
    for (const admin of admins) admin.disconnect();
    for (const server of servers) await server.remove();
  };
  try {
    for (let node = 0; node < NODES; node++) {
      const bus = await freePort(); // by default the port + 10,000, which there may not be
      const server = await startRedis('--cluster-enabled', 'yes', '--cluster-port', String(bus));
      const admin = new Redis(server.port);
      servers.push(server);
      admins.push(admin);
      const [first, last] = [node, node + 1].map((at) => Math.floor((at * SLOTS) / NODES));
      await admin.call('CLUSTER', 'ADDSLOTSRANGE', String(first), String((last ?? 0) - 1));
      await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(node + 1));
      await admins[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(bus));
    }
    const areWhole = async () => (await Promise.all(admins.map(isWhole))).every(Boolean);
    await until('the nodes of the cluster have found each other', areWhole);
  } catch (error) {
    await remove();
    throw error;
  }
  return { ports: servers.map(({ port }) => port), remove };
}

async function isWhole(admin: Redis): Promise<boolean> {
  const info = String(await admin.call('CLUSTER', 'INFO'));
  return (
    info.includes('cluster_state:ok') &&
    info.includes(`cluster_known_nodes:${NODES}`) &&
    info.includes(`cluster_size:${NODES}`)
  );
}
