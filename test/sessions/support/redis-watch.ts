/** What a Redis is asked, command by command, and by whom: clients, not its own scripts. */
import { once } from 'node:events';
import { Redis } from 'ioredis';

export class Watch {
  readonly #admin: Redis;
  readonly #monitor: Redis;
  #seen: string[][] = [];

  private constructor(admin: Redis, monitor: Redis) {
    this.#admin = admin;
    this.#monitor = monitor;
    monitor.on('monitor', (_time: string, args: string[], source: string) => {
      if (source !== 'lua') this.#seen.push(args);
    });
  }

  static async start(port: number): Promise<Watch> {
    const admin = new Redis(port);
    await once(admin, 'ready');
    return new Watch(admin, await admin.monitor());
  }

  /** @returns the commands that came since the last time, each as its words. */
  async commands(): Promise<string[][]> {
    const mark = `mark ${performance.now()}`;
    await this.#admin.echo(mark);
    while (!this.#seen.some((args) => args[1] === mark)) await once(this.#monitor, 'monitor');
    const seen = this.#seen.filter(
      ([name = '']) => /^eval/i.test(name) || !/^(echo|ping|info|client|hello)$/i.test(name),
    );
    this.#seen = [];
    return seen;
  }

  stop(): void {
    this.#monitor.disconnect();
    this.#admin.disconnect();
  }
}

/** The one key of a command. @throws {Error} if an EVAL or EVALSHA has not just one. */
export function keyOf([name = '', first, count, key]: readonly string[]): string | undefined {
  if (!/^eval/i.test(name)) return first;
  if (count !== '1') throw new Error(`a script has ${count} keys`);
  return key;
}

/** The slot of a key in a cluster, as its specification says: CRC16 (XMODEM) of the key, or of what stands in its first braces. */
export function slotOf(key: string): number {
  const tag = /\{([^}]+)\}/.exec(key)?.[1];
  let crc = 0;
  for (const byte of new TextEncoder().encode(tag ?? key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc % 16_384;
}
