/** Stands between a client and a server, and cuts the connection at a chosen moment. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * - `request`: when the next request comes, before the server has it.
 * - `reply`: when the answer comes, before the client has any of it.
 * - `half a reply`: when half of the answer has gone on.
 */
export type Cut = 'request' | 'reply' | 'half a reply';

export class CuttingProxy {
  readonly #server: Server;
  #cut: Cut | undefined;
  /** How often it has cut. */
  cuts = 0;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#join(client, connect(target, '127.0.0.1')));
  }

  static async start(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Once. */
  cutAt(cut: Cut): void {
    this.#cut = cut;
  }

  stop(): void {
    this.#server.close();
  }

  #join(client: Socket, server: Socket): void {
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (bytes) => (this.#isNow('request') ? end() : server.write(bytes)));
    server.on('data', (bytes) => {
      if (this.#isNow('reply')) end();
      else if (this.#isNow('half a reply')) client.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), end);
      else client.write(bytes);
    });
  }

  #isNow(cut: Cut): boolean {
    if (this.#cut !== cut) return false;
    this.#cut = undefined;
    this.cuts++;
    return true;
  }
}
