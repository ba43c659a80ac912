/** A client of Redis or Valkey -> one way to run a script, whose answer is a list of texts, and to read a hash. Knows no record. */

import { describe } from '../options.ts';
import type { Script } from './scripts.ts';

/** What is used of node-redis: `createClient()`, `createClientPool()`, `createCluster()`, `createSentinel()`. */
export interface NodeRedisClient {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<unknown>;
}

/** What is used of ioredis and iovalkey: `new Redis()`, `new Cluster()`. */
export interface IoredisClient {
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  hmget(key: string, ...fields: string[]): Promise<unknown>;
}

/** A client of any of the three libraries. */
export type RedisClient = NodeRedisClient | IoredisClient;

/**
 * Runs a script on its key. One round trip; one more where the server does not know the script, because it is new, was restarted or had its
 * scripts flushed. @throws the client's own error, and an Error where the answer is no list of texts.
 */
export type Run = (script: Script, key: string, ...args: readonly string[]) => Promise<readonly string[]>;

/** The fields of a hash, undefined for one that is not there. @throws as `Run`. */
export type Read = (key: string, ...fields: readonly string[]) => Promise<readonly (string | undefined)[]>;

/** @throws {TypeError} on a client of another kind. */
export function createCommands(client: RedisClient): { run: Run; read: Read } {
  const { evalSha, evalSource, getFields } = commandsOf(client);
  const run: Run = async ({ source, sha1 }, key, ...args) => {
    try {
      return readList(await evalSha(sha1, key, args)).map(readText);
    } catch (error) {
      if (!isUnknownScript(error)) throw withoutCommand(error);
    }
    try {
      return readList(await evalSource(source, key, args)).map(readText); // the server keeps it from now on
    } catch (error) {
      throw withoutCommand(error);
    }
  };
  const read: Read = async (key, ...fields) => {
    try {
      return readList(await getFields(key, fields)).map((field) => (field === null ? undefined : readText(field)));
    } catch (error) {
      throw withoutCommand(error);
    }
  };
  return { run, read };
}

type Command = (script: string, key: string, args: readonly string[]) => Promise<unknown>;

function commandsOf(client: RedisClient): {
  evalSha: Command;
  evalSource: Command;
  getFields: (key: string, fields: readonly string[]) => Promise<unknown>;
} {
  if (isNodeRedis(client)) {
    return {
      evalSha: (sha1, key, args) => client.evalSha(sha1, { keys: [key], arguments: [...args] }),
      evalSource: (source, key, args) => client.eval(source, { keys: [key], arguments: [...args] }),
      getFields: (key, fields) => client.hmGet(key, [...fields]),
    };
  }
  if (isIoredis(client)) {
    return {
      evalSha: (sha1, key, args) => client.evalsha(sha1, 1, key, ...args),
      evalSource: (source, key, args) => client.eval(source, 1, key, ...args),
      getFields: (key, fields) => client.hmget(key, ...fields),
    };
  }
  throw new TypeError(`"client" expected a client of node-redis, ioredis or iovalkey, got ${describe(client)}`);
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  return hasMethods(client, 'evalSha', 'eval', 'hmGet');
}

function isIoredis(client: unknown): client is IoredisClient {
  return hasMethods(client, 'evalsha', 'eval', 'hmget');
}

function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** ioredis and iovalkey put on their errors what was sent, key and data and all, for whoever logs them. */
function withoutCommand(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command');
  return error;
}

function readList(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw new Error(`The client's answer expected a list, got ${describe(answer)}`);
}

/** A client may have been told to give texts as bytes. */
function readText(text: unknown): string {
  if (typeof text === 'string') return text;
  if (text instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  throw new Error(`The client's answer expected texts, got ${describe(text)}`);
}
