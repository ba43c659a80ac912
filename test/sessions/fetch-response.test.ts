import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { applyToResponse, type ResponseChanges } from '../../packages/sessions/src/fetch-response.ts';

const COOKIE = 'sid=new; Path=/; HttpOnly';
const NOTHING: ResponseChanges = { setCookies: [], ownNames: [], noStore: false, varyCookie: false };
const LOGIN: ResponseChanges = { setCookies: [COOKIE], ownNames: ['sid'], noStore: true, varyCookie: true };

function withLines(...lines: string[]): Response {
  return new Response('ok', { headers: lines.map((line): [string, string] => ['Set-Cookie', line]) });
}

describe('applyToResponse()', () => {
  it('changes the response in place and gives the same one back', async () => {
    const response = new Response('ok', { status: 201, statusText: 'Made', headers: { 'X-A': '1' } });
    expect(applyToResponse(response, LOGIN)).toBe(response);
    expect(response.headers.getSetCookie()).toEqual([COOKIE]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      vary: 'Cookie',
      'x-a': '1',
    });
    expect([response.status, response.statusText, await response.text()]).toEqual([201, 'Made', 'ok']);
  });

  it.each([
    { name: 'no changes', response: new Response('ok'), changes: NOTHING },
    { name: 'no changes of a redirect', response: Response.redirect('http://a.example/'), changes: NOTHING },
    { name: 'names that have no line', response: withLines('a=1'), changes: { ...NOTHING, ownNames: ['sid'] } },
    {
      name: 'changes that are there already',
      response: applyToResponse(Response.redirect('http://a.example/'), LOGIN),
      changes: LOGIN,
    },
  ])('touches nothing for $name', ({ response, changes }) => {
    const before = [...response.headers];
    expect(applyToResponse(response, changes)).toBe(response);
    expect([...response.headers]).toEqual(before);
  });

  describe('Set-Cookie', () => {
    it.each([
      {
        name: 'keeps those of others in order',
        lines: ['a=1; Path=/', 'b=2', 'a=3'],
        after: ['a=1; Path=/', 'b=2', 'a=3', COOKIE],
      },
      { name: 'replaces ours', lines: ['a=1', 'sid=old; Path=/', 'b=2'], after: ['a=1', 'b=2', COOKIE] },
      { name: 'replaces ours with spaces', lines: [' sid =old'], after: [COOKIE] },
      { name: 'knows names by case', lines: ['SID=other'], after: ['SID=other', COOKIE] },
      {
        name: 'knows names as a whole',
        lines: ['sid2=x', 'xsid=y', 'x=sid=1'],
        after: ['sid2=x', 'xsid=y', 'x=sid=1', COOKIE],
      },
      { name: 'leaves a line without a name', lines: ['sid', '=sid'], after: ['sid', '=sid', COOKIE] },
    ])('$name', ({ lines, after }) => {
      expect(applyToResponse(withLines(...lines), LOGIN).headers.getSetCookie()).toEqual(after);
    });

    it('puts several lines in order', () => {
      const changes = { ...NOTHING, setCookies: ['sid=1', 'cart=2', 'sid.1=3'], ownNames: ['sid', 'cart', 'sid.1'] };
      const response = applyToResponse(withLines('cart=0', 'a=1'), changes);
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'sid=1', 'cart=2', 'sid.1=3']);
    });

    it('takes ours away where no new one follows', () => {
      const response = applyToResponse(withLines('sid=old', 'a=1'), { ...NOTHING, ownNames: ['sid'] });
      expect(response.headers.getSetCookie()).toEqual(['a=1']);
    });

    it('of a second call stands alone', () => {
      const first = applyToResponse(Response.redirect('http://a.example/'), { ...LOGIN, setCookies: ['sid=first'] });
      expect(applyToResponse(first, LOGIN)).toBe(first);
      expect(first.headers.getSetCookie()).toEqual([COOKIE]);
    });

    it('refused by Headers is an error, also where the response had to be copied', () => {
      const changes = { ...NOTHING, setCookies: ['sid=a\nb'] };
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
    expect(applyToResponse(response, { ...NOTHING, varyCookie: true }).headers.get('Vary')).toBe(after);
  });

  it.each([
    { cacheControl: undefined, noStore: true, after: 'no-store' },
    { cacheControl: undefined, noStore: false, after: null },
    { cacheControl: 'public, max-age=60', noStore: true, after: 'public, max-age=60' },
  ])('makes Cache-Control of $cacheControl with noStore $noStore $after', ({ cacheControl, noStore, after }) => {
    const response = new Response(
      'ok',
      cacheControl === undefined ? {} : { headers: { 'Cache-Control': cacheControl } },
    );
    expect(applyToResponse(response, { ...LOGIN, noStore }).headers.get('Cache-Control')).toBe(after);
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
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2', COOKIE]);
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
      // The constructor of Node makes neither: a runtime with WebSockets does.
      {
        name: 'a 101',
        response: Object.defineProperty(Response.redirect('http://a.example/'), 'status', { value: 101 }),
      },
      { name: 'a webSocket', response: Object.assign(Response.redirect('http://a.example/'), { webSocket: {} }) },
    ])('gives $name back as it is', ({ response }) => {
      expect(applyToResponse(response, LOGIN)).toBe(response);
      expect(response.headers.getSetCookie()).toEqual([]);
    });
  });

  it('copies a redirect of a runtime whose every response has a webSocket of null', () => {
    const redirect = Object.assign(Response.redirect('http://a.example/'), { webSocket: null });
    const response = applyToResponse(redirect, LOGIN);
    expect(response.status).toBe(302);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('reads no stream: not in place, not in a copy', async () => {
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
    const response = applyToResponse(frozen(new Response(body)), LOGIN);
    expect(pulls).toBe(0);
    expect((await response.arrayBuffer()).byteLength).toBe(4096 * 1024);
  });
});

async function fetchFrom(server: http.Server): Promise<Response> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return fetch(`http://127.0.0.1:${port}/`);
}

/** As a response that was fetched: only the copy of its headers can be changed. */
function frozen(response: Response): Response {
  const refuse = (): never => {
    throw new TypeError('immutable');
  };
  return Object.defineProperty(response, 'headers', {
    value: new Proxy(response.headers, {
      get(headers, name) {
        if (name === 'append' || name === 'set' || name === 'delete') return refuse;
        const value: unknown = Reflect.get(headers, name);
        return typeof value === 'function' ? value.bind(headers) : value;
      },
    }),
  });
}
