/** A server that has `SET … IFEQ`, on this machine: a Valkey from 8.1 if there is one, and a proxy that teaches it to any Redis. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The words of a command. */
type Words = readonly Buffer[];

const SET_IF_EQUAL = `local there = redis.call('GET', KEYS[1])
if there ~= ARGV[1] then return false end
return redis.call('SET', KEYS[1], ARGV[2], unpack(ARGV, 3))`;

/** Whether `valkey-server` is one that has the word. */
export function hasValkey(): boolean {
  const { stdout } = spawnSync('valkey-server', ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = /v=(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) * 100 + Number(minor) >= 801;
}

/** Passes everything on, and `SET key value IFEQ old …` as a script. */
export class IfeqProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The commands that came with the word. */
  asked = 0;
  /** What becomes of such a command: a script, the server's own error, as if the word were not there, or, for one of them, the answer is lost. */
  mode: 'script' | 'error' | 'ignore' | 'lose' = 'script';

  private constructor(target: number) {
    this.#server = createServer((client) => this.#join(client, connect(target, '127.0.0.1')));
  }

  static async start(target: number): Promise<IfeqProxy> {
    const proxy = new IfeqProxy(target);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, server: Socket): void {
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    let isLost = false;
    const lose = () => (isLost = true);
    let rest = Buffer.alloc(0);
    client.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let command = readCommand(rest); command !== undefined; command = readCommand(rest)) {
        rest = rest.subarray(command.length);
        server.write(formatCommand(this.#translate(command.words, lose)));
      }
    });
    server.on('data', (bytes) => (isLost ? end() : client.write(bytes)));
  }

  #translate(words: Words, lose: () => void): Words {
    const [name, key = Buffer.alloc(0), value = key, word, old = key, ...expiry] = words;
    if (String(name).toLowerCase() !== 'set' || String(word).toLowerCase() !== 'ifeq') return words;
    this.asked++;
    if (this.mode === 'error') return words;
    if (this.mode === 'ignore') return [Buffer.from('SET'), key, value, ...expiry];
    if (this.mode === 'lose') {
      this.mode = 'script';
      lose(); // the server has done it when its answer comes
    }
    return [...['EVAL', SET_IF_EQUAL, '1'].map((text) => Buffer.from(text)), key, old, value, ...expiry];
  }
}

/** The first command of these bytes, if it is whole. */
function readCommand(bytes: Buffer): { words: Words; length: number } | undefined {
  const words: Buffer[] = [];
  let at = 0;
  const readNumber = () => {
    const end = bytes.indexOf('\r\n', at);
    const number = end < 0 ? Number.NaN : Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    return number;
  };
  const count = readNumber();
  while (words.length < count) {
    const length = readNumber();
    const word = bytes.subarray(at, at + length);
    if (Number.isNaN(length) || bytes.length < at + length + 2) return undefined;
    words.push(word);
    at += length + 2;
  }
  return Number.isNaN(count) ? undefined : { words, length: at };
}

function formatCommand(words: Words): Buffer {
  const parts = words.flatMap((word) => [Buffer.from(`$${word.length}\r\n`), word, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts]);
}
