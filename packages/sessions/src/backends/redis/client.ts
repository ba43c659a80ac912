/** A client of Redis or Valkey -> one way to send a command, with bytes in and out, and one to run a script. Knows no record. */

import { Buffer } from 'node:buffer';
import { describe } from '../../options.ts';
import { checkMistakes, hasMethods } from '../kit/clients.ts';
import { codeOf } from '../kit/failure.ts';
import { MISTAKES } from './mistaken.ts';
import type { Script } from './scripts.ts';

/** A part of a command. Bytes have to be a Buffer. */
export type Word = string | Uint8Array;
type Command = readonly [name: string, ...words: Word[]];

/** What is used of node-redis: `createClient()` and `createClientPool()`. */
export interface NodeRedisClient {
  sendCommand(command: readonly Word[], options?: object): Promise<unknown>;
  evalSha(sha1: string, options?: object): Promise<unknown>;
}

/** What is used of node-redis: `createCluster()`. */
export interface NodeRedisCluster {
  sendCommand(key: string, isReadonly: boolean, command: Word[], options?: object): Promise<unknown>;
  nodeClient(node: never): unknown;
}

/** What is used of node-redis: `createSentinel()`. */
export interface NodeRedisSentinel {
  sendCommand(isReadonly: boolean, command: readonly Word[], options?: object): Promise<unknown>;
  getSentinelNode(): unknown;
}

/** What is used of ioredis and iovalkey: `new Redis()` and `new Cluster()`. */
export interface IoredisClient {
  getBuffer(key: string): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, ...words: string[]): Promise<unknown>;
}

/** A client of any of the three libraries. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | NodeRedisSentinel | IoredisClient;

/** Sends a command that is about one key, to the server that has the key. Strings of the answer come as bytes. @throws the client's own error. */
export type Send = (key: string, command: Command) => Promise<unknown>;

/** The option of node-redis 4, and that of later ones: 36 is `$`, with which RESP marks such strings. */
const AS_BYTES = { returnBuffers: true, typeMapping: { 36: Buffer } };

/** @throws {TypeError} if the client cannot work. */
export function createSend(client: RedisClient): Send {
  const expected = 'a client of node-redis, ioredis or iovalkey';
  checkMistakes(expected, client, MISTAKES);
  if (isIoredis(client)) return (_key, [name, ...words]) => callIoredis(client, `${name}Buffer`, words);
  // Never as a read-only command, which a cluster may send to a replica that lags behind
  if (isCluster(client)) return (key, command) => client.sendCommand(key, false, [...command], AS_BYTES);
  if (isSentinel(client)) return (_key, command) => client.sendCommand(false, command, AS_BYTES);
  if (isNodeRedis(client)) return (_key, command) => client.sendCommand(command, AS_BYTES);
  throw new TypeError(`"client" expected ${expected}, got ${describe(client)}`);
}

/**
 * Runs a script on its key and returns what it returns. One round trip; one more if the server does not know the script because it is new, was
 * restarted or had its scripts flushed.
 */
export function run(send: Send, script: Script, key: string, ...words: readonly Word[]): Promise<unknown> {
  return send(key, ['evalsha', script.sha1, '1', key, ...words]).catch((error: unknown) => {
    if (!isReply(error, 'NOSCRIPT')) throw error;
    return send(key, ['eval', script.source, '1', key, ...words]); // the server keeps it from now on
  });
}

/** Whether this is the server's own error, by its first words. */
export function isReply(error: unknown, start: string): boolean {
  return error instanceof Error && error.message.startsWith(start);
}

/** Returns the bytes of an answer, or `undefined` if there is no such key. */
export function readBytes(answer: unknown): Buffer | undefined {
  if (answer === null || answer === undefined) return undefined;
  if (answer instanceof Buffer) return answer;
  throw new Error(`The client's answer expected bytes, got ${describe(answer)}`);
}

export function readList(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw new Error(`The client's answer expected a list, got ${describe(answer)}`);
}

/** What an error means, without what was sent: the first word of the server's own, or a code. */
export function explainRedis(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message === 'The client is closed') return 'the client is not connected, call connect() once at the start';
  return /^[A-Z]{3,}\b/.exec(message)?.[0] ?? codeOf(error) ?? 'see its cause';
}

/** By the method of its name: `callBuffer`, which takes any, loses the name if `enableAutoPipelining` is set. */
function callIoredis(client: IoredisClient, method: string, words: readonly Word[]): Promise<unknown> {
  const pending: Promise<unknown> = Reflect.apply(Reflect.get(client, method), client, words);
  return pending.catch(throwWithoutCommand);
}

/** ioredis and iovalkey put on their errors what was sent, key and data and all, for whoever logs them. */
function throwWithoutCommand(error: unknown): never {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command');
  throw error;
}

function isIoredis(client: RedisClient): client is IoredisClient {
  return hasMethods(client, 'getBuffer', 'evalsha');
}

function isNodeRedis(client: RedisClient): client is NodeRedisClient {
  return hasMethods(client, 'sendCommand', 'evalSha', 'connect');
}

function isCluster(client: RedisClient): client is NodeRedisCluster {
  return hasMethods(client, 'sendCommand', 'nodeClient');
}

function isSentinel(client: RedisClient): client is NodeRedisSentinel {
  return hasMethods(client, 'sendCommand', 'getSentinelNode');
}
