/** Stands between a client and a server, passes everything on, and cuts a connection at a chosen moment. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** When the next connection with a request on it is cut: the server has not had the request, has had it, or has answered. */
export type Cut = 'before the request' | 'after the request' | 'before the answer';

export interface CuttingProxy {
  readonly port: number;
  /** Cuts once, at the `count`th part of requests from now; or, with 'silence', passes nothing on any more and cuts nothing. */
  cutAt(cut: Cut | 'silence', count?: number): void;
  /** Waits until the server is through with the connection that was cut. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function startProxy(port: number): Promise<CuttingProxy> {
  const proxy = new TcpProxy(port);
  await proxy.listen();
  return proxy;
}

class TcpProxy implements CuttingProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: Cut | 'silence' | undefined;
  #count = 0;
  #isOver: Promise<void> = Promise.resolve();

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#pass(client));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  cutAt(cut: Cut | 'silence', count = 1): void {
    this.#cut = cut;
    this.#count = count;
  }

  async settled(): Promise<void> {
    await this.#isOver;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    let isDoomed = false;
    const cutOff = () => {
      this.#isOver = new Promise((resolve) => server.on('close', () => resolve()));
      client.destroy();
      server.end(); // what has been written to it still gets there
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
    client.on('data', (bytes) => {
      const cut = this.#isNext() ? this.#cut : undefined;
      if (cut === 'silence') return;
      if (cut !== undefined) this.#cut = undefined;
      if (cut === 'before the request') return cutOff();
      server.write(bytes);
      if (cut === 'after the request') cutOff();
      isDoomed ||= cut === 'before the answer';
    });
    server.on('data', (bytes) => {
      if (isDoomed) cutOff();
      else if (this.#cut !== 'silence') client.write(bytes);
    });
  }

  #isNext(): boolean {
    return this.#cut === 'silence' || (this.#cut !== undefined && --this.#count === 0);
  }
}
