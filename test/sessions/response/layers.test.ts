/** `beforeHeaders` among other middleware that holds responses back or changes them at the last moment, in every order. */

import type http from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, gunzipSync } from 'node:zlib';
import session from 'express-session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beforeHeaders, type HeaderCommit } from '../../../packages/sessions/src/response/node.ts';
import { CHANGES, COOKIE, type Handler, noise, setting, signal, withServer } from './node-servers.ts';

const TEXT = noise(60_000).toString('base64');
const EVENTS = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'];

type Layer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const failures: unknown[] = [];
beforeEach(() => failures.splice(0));
afterEach(() => expect(failures).toEqual([]));

const commits: { name: string; commit: HeaderCommit }[] = [
  { name: 'at once', commit: () => CHANGES },
  { name: 'later', commit: () => delay(10, CHANGES) },
  { name: 'nothing, later', commit: () => delay(5, undefined) },
];

const answers: { name: string; text: string; answer: (response: http.ServerResponse) => unknown }[] = [
  { name: 'end', text: TEXT, answer: (response) => response.end(TEXT) },
  { name: 'writeHead and end', text: TEXT, answer: (response) => response.writeHead(201, { 'X-A': '1' }).end(TEXT) },
  {
    name: 'Content-Length and end',
    text: TEXT,
    answer: (response) => {
      response.setHeader('Content-Length', TEXT.length);
      response.end(TEXT);
    },
  },
  {
    name: 'write and end',
    text: TEXT,
    answer: (response) => {
      for (let at = 0; at < TEXT.length; at += 9_000) response.write(TEXT.slice(at, at + 9_000));
      response.end();
    },
  },
  { name: 'events', text: EVENTS.join(''), answer: (response) => sendEvents(response) },
  { name: 'pipe', text: TEXT, answer: (response) => Readable.from(chunks()).pipe(response) },
  { name: 'nothing', text: '', answer: (response) => response.writeHead(302, { Location: '/' }).end() },
];

const orders = permutations(['sessions', 'compression', 'express-session', 'on-headers']);

describe.each(commits)('beforeHeaders() with a commit that says $name', ({ name: when, commit }) => {
  it.each(orders.map((order) => ({ order })))('sends every answer whole: $order', async ({ order }) => {
    const layers: Record<string, Layer> = {
      sessions: (_request, response) => beforeHeaders(response, commit, (error) => failures.push(error)),
      compression: (_request, response) => compress(response),
      'express-session': expressSession(),
      'on-headers': (_request, response) => onHeaders(response, () => response.setHeader('X-Late', 'yes')),
    };
    for (const { name, text, answer } of answers) {
      const response = await ask(layers, order, answer);
      expect({ name, text: gunzipSync(response.body).toString() }).toEqual({ name, text });
      expect(response.headers['content-encoding']).toBe('gzip');
      expect(response.headers['x-late']).toBe('yes');
      const lines = response.headers['set-cookie'] ?? [];
      expect(lines.filter((line) => line.startsWith('connect.sid='))).toHaveLength(1);
      expect(lines.filter((line) => line === COOKIE)).toHaveLength(when.startsWith('nothing') ? 0 : 1);
    }
  });
});

it('an edge that reads the session hands on the cookie of the server behind it', async () => {
  const login: Layer = (_request, response) =>
    beforeHeaders(
      response,
      () => CHANGES,
      (error) => failures.push(error),
    );
  const reads: Layer = (_request, response) =>
    beforeHeaders(
      response,
      () => delay(5, { cookies: [], readSession: true }),
      (error) => failures.push(error),
    );
  const origin = await ask({ login }, ['login'], (response) => response.end('in'));
  const edge = await ask({ reads }, ['reads'], (response) => response.writeHead(200, origin.headers).end(origin.body));
  expect([edge.headers['set-cookie'], edge.body.toString()]).toEqual([[COOKIE], 'in']);
});

it('two applications in one process have a cookie each', async () => {
  const commit = (line: string) => (): Promise<ReturnType<typeof setting>> => delay(5, setting(line));
  const layers: Record<string, Layer> = {
    outer: (_request, response) => beforeHeaders(response, commit('outer=1'), (error) => failures.push(error)),
    inner: (_request, response) => beforeHeaders(response, commit('inner=1'), (error) => failures.push(error)),
  };
  const { headers } = await ask(layers, ['outer', 'inner'], (response) => response.end('a'));
  expect(headers['set-cookie']).toEqual(['outer=1', 'inner=1']);
});

async function ask(
  layers: Record<string, Layer>,
  order: readonly string[],
  answer: (response: http.ServerResponse) => unknown,
): Promise<{ headers: http.IncomingHttpHeaders; body: Buffer }> {
  const handler: Handler = (request, response) => {
    for (const name of order) layers[name]?.(request, response);
    answer(response);
  };
  return await withServer('HTTP/1.1', handler, async (port) => {
    const { promise, resolve } = signal();
    const { request } = await import('node:http');
    request({ port, host: '127.0.0.1', agent: false }, resolve).end();
    const response = (await promise) as http.IncomingMessage; // trust boundary: what a client's callback gets
    return { headers: response.headers, body: Buffer.concat(await response.toArray()) };
  });
}

/** As the package `on-headers` does. */
function onHeaders(response: http.ServerResponse, listener: () => void): void {
  const { writeHead } = response;
  let hasFired = false;
  const wrapped = (status: number, headers?: http.OutgoingHttpHeaders): unknown => {
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value ?? '');
    if (!hasFired) {
      hasFired = true;
      listener();
    }
    return Reflect.apply(writeHead, response, [status]);
  };
  Object.assign(response, { writeHead: wrapped });
}

/** As the package `compression` does, for any type and length. */
function compress(response: http.ServerResponse): void {
  const { write, end, on } = response;
  const gzip = createGzip();
  const waiting: [event: string, listener: () => void][] = [];
  let isOn = false;
  onHeaders(response, () => {
    isOn = true;
    response.setHeader('Content-Encoding', 'gzip');
    response.removeHeader('Content-Length');
    for (const [event, listener] of waiting) gzip.on(event, listener);
    gzip.on('data', (chunk) => {
      if (Reflect.apply(write, response, [chunk]) === false) gzip.pause();
    });
    gzip.on('end', () => Reflect.apply(end, response, []));
    Reflect.apply(on, response, ['drain', () => gzip.resume()]);
  });
  Object.assign(response, {
    write(chunk: string) {
      if (!response.headersSent) response.writeHead(response.statusCode);
      return isOn ? gzip.write(chunk) : Reflect.apply(write, response, [chunk]);
    },
    end(chunk?: string) {
      if (!response.headersSent) response.writeHead(response.statusCode);
      return isOn ? gzip.end(chunk) : Reflect.apply(end, response, [chunk]);
    },
    on(event: string, listener: () => void) {
      if (event !== 'drain') return Reflect.apply(on, response, [event, listener]);
      if (isOn) gzip.on(event, listener);
      else waiting.push([event, listener]);
      return response;
    },
  });
}

function expressSession(): Layer {
  const middleware = session({ secret: 'a secret of this test', resave: false, saveUninitialized: true });
  return (request, response) => {
    // trust boundary: it needs nothing of Express
    middleware(request as never, response as never, (error?: unknown) => error !== undefined && failures.push(error));
  };
}

async function sendEvents(response: http.ServerResponse): Promise<void> {
  response.setHeader('Content-Type', 'text/event-stream');
  response.flushHeaders();
  for (const event of EVENTS) {
    response.write(event);
    await delay(1);
  }
  response.end();
}

function* chunks(): Generator<string> {
  for (let at = 0; at < TEXT.length; at += 20_000) yield TEXT.slice(at, at + 20_000);
}

function permutations(items: readonly string[]): string[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
