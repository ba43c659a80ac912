import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ResponseChanges } from '../../../packages/sessions/src/response/changes.ts';
import { applyToResponse } from '../../../packages/sessions/src/response/fetch.ts';

const COOKIE = 'sid=new; Path=/; HttpOnly';
const NOTHING: ResponseChanges = { cookies: [], readSession: false };
const READ: ResponseChanges = { cookies: [], readSession: true };
const LOGIN: ResponseChanges = { cookies: [{ name: 'sid', line: COOKIE }], readSession: true };

function withLines(...lines: string[]): Response {
  return new Response('ok', { headers: lines.map((line): [string, string] => ['Set-Cookie', line]) });
}

function setting(...lines: string[]): ResponseChanges {
  return { cookies: lines.map((line) => ({ name: line.slice(0, line.indexOf('=')), line })), readSession: true };
}

describe('applyToResponse()', () => {
  it('returns a copy with the changes', async () => {
    const response = new Response('ok', { status: 201, statusText: 'Made', headers: { 'X-A': '1' } });
    const saved = applyToResponse(response, LOGIN);
    expect(saved.headers.getSetCookie()).toEqual([COOKIE]);
    expect(Object.fromEntries(saved.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/plain;charset=UTF-8',
      vary: 'Cookie',
      'x-a': '1',
    });
    expect([saved.status, saved.statusText, await saved.text()]).toEqual([201, 'Made', 'ok']);
  });

  it('never changes the response that it is given, as a handler may return one to every visitor', () => {
    const home = new Response(null, { status: 303, headers: { Location: '/' } });
    const before = [...home.headers];
    const ada = applyToResponse(home, setting('sid=ada'));
    const eve = applyToResponse(home, setting('sid=eve'));
    const reader = applyToResponse(home, READ);
    expect([...home.headers]).toEqual(before);
    expect(ada.headers.getSetCookie()).toEqual(['sid=ada']);
    expect(eve.headers.getSetCookie()).toEqual(['sid=eve']);
    expect(reader.headers.getSetCookie()).toEqual([]);
    expect([ada, eve, reader].map(({ status, headers }) => [status, headers.get('Location')])).toEqual(
      Array(3).fill([303, '/']),
    );
  });

  it.each([
    { name: 'no changes', response: new Response('ok'), changes: NOTHING },
    { name: 'no changes of a redirect', response: Response.redirect('http://a.example/'), changes: NOTHING },
    { name: 'a session that was read', response: new Response('', { headers: { Vary: 'Cookie' } }), changes: READ },
  ])('returns the same response for $name', ({ response, changes }) => {
    const before = [...response.headers];
    expect(applyToResponse(response, changes)).toBe(response);
    expect([...response.headers]).toEqual(before);
  });

  describe('Set-Cookie', () => {
    it.each([
      { name: 'keeps those of others in order', lines: ['a=1; Path=/', 'b=2', 'a=3'] },
      { name: 'keeps those of others under our own name', lines: ['a=1', 'sid=; Max-Age=0; Path=/', 'sid=theirs'] },
      { name: 'keeps one that is equal to ours', lines: [COOKIE] },
      { name: 'keeps a line without a name', lines: ['sid', '=sid'] },
    ])('$name', ({ lines }) => {
      expect(applyToResponse(withLines(...lines), LOGIN).headers.getSetCookie()).toEqual([...lines, COOKIE]);
      expect(applyToResponse(withLines(...lines), READ).headers.getSetCookie()).toEqual(lines);
    });

    it('puts several lines in order', () => {
      const response = applyToResponse(withLines('cart=0', 'a=1'), setting('sid=1', 'cart=2', 'sid.1=3'));
      expect(response.headers.getSetCookie()).toEqual(['cart=0', 'a=1', 'sid=1', 'cart=2', 'sid.1=3']);
    });

    it('of a later commit replaces that of an earlier one under the same name', () => {
      const first = applyToResponse(withLines('sid=theirs'), setting('sid=first', 'cart=first'));
      const second = applyToResponse(first, READ);
      const third = applyToResponse(second, setting('sid=third'));
      expect(third.headers.getSetCookie()).toEqual(['sid=theirs', 'cart=first', 'sid=third']);
      expect(applyToResponse(third, setting('cart=fourth')).headers.getSetCookie()).toEqual([
        'sid=theirs',
        'sid=third',
        'cart=fourth',
      ]);
    });

    it('of a layer behind is not touched by a layer that only reads', () => {
      const inner = applyToResponse(new Response('in'), LOGIN);
      const proxied = new Response(inner.body, { headers: inner.headers });
      for (const response of [inner, proxied]) {
        expect(applyToResponse(response, READ).headers.getSetCookie()).toEqual([COOKIE]);
      }
    });

    it('that Headers rejects is an error, also where the headers are immutable', () => {
      const changes = setting('sid=a\nb');
      expect(() => applyToResponse(new Response('ok'), changes)).toThrow(TypeError);
      expect(() => applyToResponse(Response.redirect('http://a.example/'), changes)).toThrow(TypeError);
    });
  });

  it.each([
    { vary: undefined, after: 'Cookie' },
    { vary: '', after: 'Cookie' },
    { vary: 'Accept', after: 'Accept, Cookie' },
    { vary: 'accept, cookie', after: 'accept, cookie' },
    { vary: 'X-Cookie', after: 'X-Cookie, Cookie' },
    { vary: '*', after: '*' },
    { vary: 'Accept, *', after: 'Accept, *' },
  ])('makes Vary of $vary $after', ({ vary, after }) => {
    const response = new Response('ok', vary === undefined ? {} : { headers: { Vary: vary } });
    const saved = applyToResponse(response, READ);
    expect(saved.headers.get('Vary')).toBe(after);
    expect(saved.headers.has('Cache-Control')).toBe(false);
  });

  describe('caches', () => {
    const targeted = [
      'CDN-Cache-Control',
      'Cloudflare-CDN-Cache-Control',
      'Netlify-CDN-Cache-Control',
      'Vercel-CDN-Cache-Control',
      'Surrogate-Control',
      'Edge-Control',
    ];

    it.each([
      { cacheControl: undefined, changes: LOGIN, after: 'no-store' },
      { cacheControl: undefined, changes: READ, after: null },
      { cacheControl: 'public, max-age=60', changes: LOGIN, after: 'public, max-age=60' },
    ])('makes Cache-Control of $cacheControl $after', ({ cacheControl, changes, after }) => {
      const headers = cacheControl === undefined ? {} : { 'Cache-Control': cacheControl };
      expect(applyToResponse(new Response('ok', { headers }), changes).headers.get('Cache-Control')).toBe(after);
    });

    it.each(targeted)('are not told to store a cookie by %s', (name) => {
      const response = new Response('ok', { headers: { [name]: 'public, max-age=600' } });
      const saved = applyToResponse(response, LOGIN);
      expect([saved.headers.get(name), saved.headers.get('Cache-Control')]).toEqual(['no-store', 'no-store']);
      expect(applyToResponse(response, READ).headers.get(name)).toBe('public, max-age=600');
    });

    it('see no header that was not there', () => {
      const { headers } = applyToResponse(new Response('ok'), LOGIN);
      expect(targeted.filter((name) => headers.has(name))).toEqual([]);
    });
  });

  describe('with immutable headers', () => {
    it('copies a redirect', () => {
      const redirect = Response.redirect('http://a.example/next', 303);
      const response = applyToResponse(redirect, LOGIN);
      expect(response).not.toBe(redirect);
      expect([response.status, response.headers.get('Location')]).toEqual([303, 'http://a.example/next']);
      expect(response.headers.getSetCookie()).toEqual([COOKIE]);
    });

    it('copies what was fetched: status, text, headers, cookies and the stream', async () => {
      const server = http.createServer((_request, response) => {
        response.writeHead(299, 'Fine', { 'Set-Cookie': ['a=1', 'sid=theirs', 'b=2'], 'X-A': ['1', '2'] });
        response.end('x'.repeat(300_000));
      });
      const fetched = await fetchFrom(server);
      const { body } = fetched;
      const response = applyToResponse(fetched, LOGIN);
      expect(response.body).toBe(body);
      expect([response.status, response.statusText, response.headers.get('X-A')]).toEqual([299, 'Fine', '1, 2']);
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'sid=theirs', 'b=2', COOKIE]);
      expect((await response.text()).length).toBe(300_000);
      server.close();
    });

    it.each([204, 205, 304])('copies a fetched %i, which has no body', async (status) => {
      const server = http.createServer((_request, response) => response.writeHead(status, { ETag: '"1"' }).end());
      const response = applyToResponse(await fetchFrom(server), LOGIN);
      expect([response.status, response.body, response.headers.get('ETag')]).toEqual([status, null, '"1"']);
      expect(response.headers.getSetCookie()).toEqual([COOKIE]);
      server.close();
    });

    it.each([
      { name: 'Response.error()', response: Response.error() },
      // The constructor of Node makes none: a runtime with WebSockets does.
      {
        name: 'a 101',
        response: Object.defineProperty(Response.redirect('http://a.example/'), 'status', { value: 101 }),
      },
    ])('returns $name as it is', ({ response }) => {
      expect(applyToResponse(response, LOGIN)).toBe(response);
      expect(response.headers.getSetCookie()).toEqual([]);
    });
  });

  it('gives no body to a status that has none, whatever the response says', () => {
    const response = Object.defineProperty(new Response(null, { status: 304 }), 'body', {
      value: new ReadableStream(),
    });
    const saved = applyToResponse(response, LOGIN);
    expect([saved.status, saved.body, saved.headers.getSetCookie()]).toEqual([304, null, [COOKIE]]);
  });

  it('keeps what a framework has hung on the response', () => {
    const body = () => 'page';
    const response = Object.assign(new Response(null, { status: 302 }), { customBody: body, options: { to: '/' } });
    expect(applyToResponse(response, LOGIN)).toMatchObject({ customBody: body, options: { to: '/' } });
  });

  it('reads no stream', async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls++;
          controller.enqueue(new Uint8Array(1024));
          if (pulls === 4096) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const response = applyToResponse(new Response(body), LOGIN);
    expect(pulls).toBe(0);
    expect((await response.arrayBuffer()).byteLength).toBe(4096 * 1024);
  });
});

async function fetchFrom(server: http.Server): Promise<Response> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return fetch(`http://127.0.0.1:${port}/`);
}
