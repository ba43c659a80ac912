/** The Cookie header of every kind of request, sent for real where Node has a server for it. */
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { connect, createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { cookieHeaderOf, type SessionRequest } from '../../../packages/sessions/src/store/request.ts';

describe('cookieHeaderOf()', () => {
  it.each<[name: string, request: SessionRequest, expected: string | undefined]>([
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
    ['a Map', { headers: new Map([['cookie', 'a=b']]) as unknown as Headers }, 'a=b'], // trust boundary: no Headers
    ['a record', { headers: { cookie: 'a=b' } }, 'a=b'],
    ['a record as it was sent', { headers: { Cookie: 'a=b' } }, 'a=b'],
    ['a record of arrays', { headers: { cookie: ['a=b', 'c=d; e=f'] } }, 'a=b; c=d; e=f'],
    ['a record without a prototype', { headers: Object.assign(Object.create(null), { cookie: 'a=b' }) }, 'a=b'],
    ['a record without cookies', { headers: {} }, undefined],
    ['a record with a header called get', { headers: { get: 'x', cookie: 'a=b' } }, 'a=b'],
    ['an empty header', { headers: { cookie: '' } }, ''],
  ])('of %s', (_name, request, expected) => {
    expect(cookieHeaderOf(request)).toBe(expected);
  });

  it.each<[given: unknown, got: RegExp]>([
    [undefined, /got undefined$/],
    [null, /got null$/],
    ['a=b', /got a text of 3 characters$/],
    [{}, /got Object without headers$/],
    [Object.create(null), /got an object without headers$/],
    [{ headers: 'a=b' }, /got Object without headers$/],
    [{ headers: null }, /got Object without headers$/],
    [new URL('https://example.org'), /got URL without headers$/],
    [() => undefined, /got a function$/],
  ])('refuses %o', (given, got) => {
    // trust boundary: what a caller without types may pass
    const read = () => cookieHeaderOf(given as SessionRequest);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(/^"request" expected an object with headers/);
    expect(read).toThrow(got);
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

describe('SessionRequest', () => {
  it('is what Fetch, node:http and node:http2 have', () => {
    expectTypeOf<Request>().toExtend<SessionRequest>();
    expectTypeOf<IncomingMessage>().toExtend<SessionRequest>();
    expectTypeOf<Http2ServerRequest>().toExtend<SessionRequest>();
    expectTypeOf<{ headers: Record<string, string> }>().toExtend<SessionRequest>();
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
