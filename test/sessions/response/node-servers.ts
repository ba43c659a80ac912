/** Real servers for what answers through a Node response, and a client that keeps all that was on the wire. */

import { createHash } from 'node:crypto';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ResponseChanges } from '../../../packages/sessions/src/response/changes.ts';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

export interface Answer {
  status: number;
  message: string | undefined;
  /** As they came, without Set-Cookie and without those that no two answers share. */
  headers: [name: string, value: string][];
  setCookies: string[];
  length: number;
  sha256: string;
  text: string;
}

export const COOKIE = 'sid=new; Path=/; HttpOnly';
export const CHANGES: ResponseChanges = setting(COOKIE);

/** Changes that set the cookies of these lines. */
export function setting(...lines: string[]): ResponseChanges {
  return { cookies: lines.map((line) => ({ name: line.slice(0, line.indexOf('=')), line })), readSession: true };
}

/** `length` bytes that compress badly and repeat nowhere: a lost, doubled or displaced piece changes the hash. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}

export const PROTOCOLS = ['HTTP/1.1', 'HTTP/2'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Serves while `use` runs. HTTP/2 without TLS, through Node's compatible response. */
export async function withServer<T>(
  protocol: Protocol,
  handler: Handler,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const server =
    protocol === 'HTTP/1.1'
      ? http.createServer((request, response) => void handler(request, response))
      : // @ts-expect-error: the two responses have no common type, though all that handlers use is in both
        http2.createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address() as AddressInfo; // it listens on a port
  try {
    return await use(address.port);
  } finally {
    if (server instanceof http.Server) server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Asks once. `onHeaders` runs at the moment the headers are in. */
export function ask(protocol: Protocol, port: number, options: AskOptions = {}): Promise<Answer> {
  return protocol === 'HTTP/1.1' ? askHttp(port, options) : askHttp2(port, options);
}

interface AskOptions {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  onHeaders?: () => void;
}

function askHttp(port: number, { method = 'GET', path = '/', headers = {}, onHeaders }: AskOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      onHeaders?.();
      const raw = response.rawHeaders;
      const pairs = raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(toAnswer(response.statusCode, response.statusMessage, pairs, chunks)));
    });
    request.on('error', reject);
    request.end();
  });
}

function askHttp2(port: number, { method = 'GET', path = '/', headers = {}, onHeaders }: AskOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = http2.connect(`http://127.0.0.1:${port}`);
    client.on('error', reject);
    const stream = client.request({ ':method': method, ':path': path, ...headers });
    const chunks: Buffer[] = [];
    let pairs: [string, string][] = [];
    let status = 0;
    stream.on('response', (received) => {
      onHeaders?.();
      status = Number(received[':status']);
      pairs = Object.entries(received)
        .filter(([name]) => !name.startsWith(':'))
        .flatMap(([name, value]) => [value ?? ''].flat().map((one): [string, string] => [name, one]));
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => client.close());
    stream.on('end', () => resolve(toAnswer(status, undefined, pairs, chunks)));
    stream.end();
  });
}

function toAnswer(
  status = 0,
  message: string | undefined,
  pairs: [name: string, value: string][],
  chunks: Buffer[],
): Answer {
  const body = Buffer.concat(chunks);
  const isCookie = ([name]: [string, string]): boolean => name.toLowerCase() === 'set-cookie';
  return {
    status,
    message,
    headers: pairs.filter((pair) => !isCookie(pair) && pair[0].toLowerCase() !== 'date'),
    setCookies: pairs.filter(isCookie).map(([, value]) => value),
    length: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    text: body.length < 1000 ? body.toString() : '',
  };
}

/** Without what `CHANGES` add, to be compared with the answer that would have come without them. */
export function withoutChanges({ headers, setCookies, ...rest }: Answer): Answer {
  const before = headers
    .map(([name, value]): [string, string] => [name, /^vary$/i.test(name) ? value.replace(/(, )?Cookie$/, '') : value])
    .filter(([name, value]) => value !== '' && !(/^cache-control$/i.test(name) && value === 'no-store'));
  return { ...rest, headers: before, setCookies: setCookies.filter((line) => line !== COOKIE) };
}

/** A promise, and the function that resolves it. */
export function signal(): { promise: Promise<unknown>; resolve: (value?: unknown) => void } {
  let resolve: (value?: unknown) => void = () => {};
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
