/** Saving on real Node servers: by hand, and at the last moment before the headers. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { save, saveBeforeHeaders } from '../../../packages/sessions/src/response/save.ts';
import { Browser, kinds } from '../support.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a text
  return `http://127.0.0.1:${port}/`;
}

async function fetchAs(browser: Browser, url: string): Promise<Response> {
  const response = await fetch(url, { headers: browser.request(url).headers });
  browser.take(response);
  return response;
}

describe.each(kinds)('%s store on node:http', (kind) => {
  it('saves by hand before the headers are sent, and refuses to after', async () => {
    const store = kind.create();
    const codes: unknown[] = [];
    const url = await serve(async (request, response) => {
      const session = await store.get(request, 'session-name');
      session.update('visits', (n = 0) => n + 1);
      await save(request, response);
      response.end(String(session.get('visits')));
      await save(request, response).catch((error: unknown) => codes.push(Reflect.get(Object(error), 'code')));
    });
    const browser = new Browser();
    expect(await (await fetchAs(browser, url)).text()).toBe('1');
    expect(await (await fetchAs(browser, url)).text()).toBe('2');
    expect(codes).toStrictEqual(['ERR_SESSION_HEADERS_SENT', 'ERR_SESSION_HEADERS_SENT']);
  });

  it('saves by itself before the headers go out, whoever sends them', async () => {
    const store = kind.create();
    const url = await serve(async (request, response) => {
      saveBeforeHeaders(request, response);
      const session = await store.get(request, 'a');
      session.update('visits', (n = 0) => n + 1);
      response.setHeader('Set-Cookie', 'theirs=1');
      if (request.url === '/redirect') response.writeHead(302, { location: '/' }).end();
      else response.write(`visit ${session.get('visits')}`, () => response.end());
    });
    const browser = new Browser();
    const first = await fetch(`${url}redirect`, { redirect: 'manual' });
    browser.take(first);
    expect(first.headers.getSetCookie()).toHaveLength(2);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(await (await fetchAs(browser, url)).text()).toBe('visit 2');
  });

  it('answers 500 and tells why when it cannot save', async () => {
    const store = kind.create();
    const errors: unknown[] = [];
    const url = await serve(async (request, response) => {
      saveBeforeHeaders(request, response, (error) => errors.push(error));
      (await store.get(request, 'a')).set('broken', () => 1);
      response.end('never sent');
    });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('never sent');
    expect(errors).toMatchObject([
      { code: 'ERR_SEAL_TYPE_UNKNOWN', message: expect.stringContaining('$.broken: a function') },
    ]);
  });
});
