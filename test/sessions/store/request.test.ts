/** The Cookie header of every kind of request, sent for real where Node has a server for it. */
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { connect, createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  cookieHeaderOf,
  cookieHeaderOfJar,
  type SessionRequest,
  unwrap,
} from '../../../packages/sessions/src/store/request.ts';

describe('cookieHeaderOf()', () => {
  it.each<[name: string, request: object, expected: string | undefined]>([
    ['a Request', new Request('https://example.org', { headers: { cookie: 'a=b; c=d' } }), 'a=b; c=d'],
    ['a Request without cookies', new Request('https://example.org'), undefined],
    ['Headers', { headers: new Headers([['Cookie', 'a=b']]) }, 'a=b'],
    [
      'two Cookie headers in Headers',
      {
        headers: new Headers([
          ['cookie', 'a=b'],
          ['cookie', 'c=d'],
        ]),
      },
      'a=b; c=d',
    ],
    ['a Map', { headers: new Map([['cookie', 'a=b']]) }, 'a=b'],
    ['a record', { headers: { cookie: 'a=b' } }, 'a=b'],
    ['a record as it was sent', { headers: { Cookie: 'a=b' } }, 'a=b'],
    ['a record of arrays', { headers: { cookie: ['a=b', 'c=d; e=f'] } }, 'a=b; c=d; e=f'],
    ['a record without a prototype', { headers: Object.assign(Object.create(null), { cookie: 'a=b' }) }, 'a=b'],
    ['a record without cookies', { headers: {} }, undefined],
    ['a record with a header called get', { headers: { get: 'x', cookie: 'a=b' } }, 'a=b'],
    ['an empty header', { headers: { cookie: '' } }, ''],
    ['a Lambda event of payload 2.0', { headers: {}, cookies: ['a=b', 'c=d'] }, 'a=b; c=d'],
    ['a Lambda event of payload 1.0', { headers: {}, multiValueHeaders: { Cookie: ['a=b', 'c=d'] } }, 'a=b; c=d'],
    [
      'a Lambda event of payload 1.0 with the last header by itself',
      { headers: { Cookie: 'c=d' }, multiValueHeaders: { Cookie: ['a=b', 'c=d'] } },
      'a=b; c=d',
    ],
    ['a Lambda event of a load balancer', { multiValueHeaders: { cookie: ['a=b'] }, requestContext: {} }, 'a=b'],
    ['a Lambda event without headers', { headers: null, multiValueHeaders: null, requestContext: {} }, undefined],
    ['a Lambda event without cookies', { headers: { host: 'x' } }, undefined],
  ])('of %s', (_name, request, expected) => {
    expect(cookieHeaderOf(request)).toBe(expected);
  });

  it('of node:http, with one Cookie header and with two', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(cookieHeaderOf(request));
      response.end();
    });
    const port = await listen(server);
    await new Promise((resolve, reject) => {
      const request = send({ port, host: '127.0.0.1', headers: { cookie: 'a=b' } }, (response) =>
        response.resume().on('end', resolve),
      );
      request.on('error', reject).end();
    });
    await new Promise((resolve, reject) => {
      const socket: Socket = connectSocket(port, '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n');
      });
      socket.on('error', reject).on('close', resolve).resume();
    });
    await new Promise((resolve) => server.close(resolve));
    expect(seen).toEqual(['a=b', 'a=b; c=d']);
  });

  it('of node:http2, with one Cookie header and with three', async () => {
    const seen: (string | undefined)[] = [];
    const server = createHttp2Server((request, response) => {
      seen.push(cookieHeaderOf(request));
      response.end();
    });
    const port = await listen(server);
    const client = connect(`http://127.0.0.1:${port}`);
    for (const cookie of ['a=b', ['a=b', 'c=d', 'e=f; g=h']]) {
      const stream = client.request({ ':path': '/', cookie });
      await new Promise((resolve, reject) => stream.on('error', reject).on('end', resolve).resume().end());
    }
    await new Promise<void>((resolve) => client.close(resolve));
    await new Promise((resolve) => server.close(resolve));
    expect(seen).toEqual(['a=b', 'a=b; c=d; e=f; g=h']);
  });
});

describe('unwrap()', () => {
  const request = new Request('https://example.org/');

  it.each<[name: string, wrapped: unknown]>([
    ['a Request', request],
    ['what Fastify and Hono give', { raw: request }],
    ['what Koa gives', { req: request }],
    ['what h3 gives', { req: { raw: request }, headers: undefined }],
    ['what SvelteKit, Astro and React Router give', { request, url: new URL(request.url), params: {} }],
    ['a wrapper of a wrapper', { request: { req: { raw: request } } }],
  ])('of %s', (_name, wrapped) => {
    expect(unwrap(wrapped)).toBe(request);
  });

  it('of a request that has a property called request is that request', () => {
    const own = { headers: {}, request: { id: 7 } };
    expect(unwrap(own)).toBe(own);
  });

  it('of a Request does not ask it for more: that of Next.js’s edge sandbox throws', () => {
    class NextRequestHint extends Request {
      get request(): never {
        throw new Error('accepts an async API directly');
      }
    }
    const hint = new NextRequestHint('https://example.org/');
    expect(unwrap(hint)).toBe(hint);
  });

  it.each([
    { headers: null, multiValueHeaders: null, requestContext: {} },
    { multiValueHeaders: { cookie: ['a=b'] }, requestContext: {} },
    { version: '2.0', headers: {}, requestContext: {} },
  ])('of an event of AWS is the event: %j', (event) => {
    expect(unwrap(event)).toBe(event);
  });

  it('of a jar is the jar', () => {
    const jar = { get: () => undefined, set: () => undefined };
    expect(unwrap(jar)).toBe(jar);
  });

  it.each<[given: unknown, got: RegExp]>([
    [undefined, /got undefined$/],
    [null, /got null$/],
    ['a=b', /got a \w+ of 3 characters$/],
    [{}, /got Object without headers$/],
    [Object.create(null), /got an object without headers$/],
    [{ headers: 'a=b' }, /got Object without headers$/],
    [{ headers: null }, /got Object without headers$/],
    [new URL('https://example.org'), /got URL without headers$/],
    [() => undefined, /got a function$/],
  ])('throws for %o', (given, got) => {
    const read = () => unwrap(given);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(/^"request" expected a request, what a framework wraps around one, or a cookie jar, /);
    expect(read).toThrow(got);
  });

  it('says of a response that the arguments are swapped', () => {
    expect(() => unwrap(new Response())).toThrow(/arguments swapped\? It is save\(request, response\)$/);
  });
});

describe('cookieHeaderOfJar()', () => {
  it('of the cookies of one session and its chunks, as strings or as objects with a value', () => {
    const cookies: Record<string, unknown> = { a: '2.x', 'a.1': { value: 'y' }, b: 'z' };
    const jar = { get: (name: string) => cookies[name], set: () => undefined };
    expect(cookieHeaderOfJar(jar, 'a', 16)).toBe('a=2.x; a.1=y');
    expect(cookieHeaderOfJar(jar, 'c', 16)).toBeUndefined();
  });
});

describe('SessionRequest', () => {
  it('is what Fetch, node:http and node:http2 have', () => {
    expectTypeOf<Request>().toExtend<SessionRequest>();
    expectTypeOf<IncomingMessage>().toExtend<SessionRequest>();
    expectTypeOf<Http2ServerRequest>().toExtend<SessionRequest>();
    expectTypeOf<{ headers: Record<string, string> }>().toExtend<SessionRequest>();
    expectTypeOf<{ raw: IncomingMessage }>().toExtend<SessionRequest>();
    expectTypeOf<{ req: { raw: Request } }>().toExtend<SessionRequest>();
    expectTypeOf<{ request: Request; url: URL }>().toExtend<SessionRequest>();
    expectTypeOf<{
      requestContext: { elb: object };
      multiValueHeaders?: Record<string, string[]>;
    }>().toExtend<SessionRequest>();
    expectTypeOf<{ url: string }>().not.toExtend<SessionRequest>();
    expectTypeOf<string>().not.toExtend<SessionRequest>();
  });
});

function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null && 'port' in address) resolve(Number(address.port));
      else reject(new Error('no port'));
    });
  });
}
