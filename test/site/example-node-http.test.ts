/** The example as a visitor meets it: real requests to the real program. */
import { createSealer } from '@sealring/codec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Example, runExample, startExample } from './support/example.ts';

let example: Example;
beforeEach(async () => {
  example = await startExample();
});
afterEach(() => example.stop('SIGTERM'));

describe('examples/node-http', () => {
  it('counts visits in a sealed cookie that a Map and a Date survive', async () => {
    const first = await visit();
    expect(first.html).toContain('Your first visit');
    const second = await visit(first.cookie);
    expect(second.html).toContain('Visit number 2');
    const third = await visit(second.cookie);
    expect(third.html).toContain('Visit number 3');

    const sealer = createSealer({ keys: [await demoKey()], purpose: 'cookie:demo' });
    const { value } = sealer.open(third.cookie.replace('demo=', ''));
    expect(value).toEqual({ visits: 3, lastVisit: expect.any(Date), cart: expect.any(Map) });
  });

  it('sets the cookie for its own pages only, out of reach of scripts and other sites', async () => {
    const { header } = await visit();
    expect(header).toMatch(/^demo=E[\w-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it.each([
    ['ERR_SEAL_MALFORMED', 'a foreign cookie', () => 'demo=not a token'],
    [
      'ERR_SEAL_TAMPERED',
      'a changed one',
      (cookie: string) => cookie.slice(0, -4) + (cookie.endsWith('AAAA') ? 'BBBA' : 'AAAA'),
    ],
    ['ERR_SEAL_VERSION', 'one of another format', (cookie: string) => cookie.replace('demo=E', 'demo=F')],
  ])('makes a new session and shows %s for %s', async (code, _name, spoil) => {
    const { cookie } = await visit();
    const { html, status } = await visit(spoil(cookie));
    expect(status).toBe(200);
    expect(html).toContain('Your first visit');
    expect(html).toContain(code);
  });

  it('makes a new session for the cookie of another program with the same key', async () => {
    const sealer = createSealer({ keys: [await demoKey()], purpose: 'cookie:demo' });
    const { html } = await visit(`demo=${sealer.seal({ visits: 'many' })}`);
    expect(html).toContain('another kind of session');
  });

  it('finds its cookie among others', async () => {
    const { cookie } = await visit();
    const { html } = await visit(`a=b; ${cookie}; demonstration=1`);
    expect(html).toContain('Visit number 2');
  });

  it('links to the playground with token and name, never with the key', async () => {
    const { html, cookie } = await visit();
    const token = cookie.replace('demo=', '');
    expect(html).toContain(`/playground/#token=${token}&amp;name=demo`);
    expect(html).not.toContain('sealring_');
  });

  it.each(['/favicon.ico', '//', '/%', '/../x'])('answers 404 to %s and does not count it as a visit', async (path) => {
    const { cookie } = await visit();
    const response = await fetch(example.origin + path, { headers: { cookie } });
    expect(response.status).toBe(404);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with exit code 0 on %s, even while a browser holds a connection',
    async (signal) => {
      await visit(); // fetch keeps its connection
      expect(await example.stop(signal)).toBe(0);
    },
  );

  it('names the port that is in use and how to choose another', async () => {
    const { port } = new URL(example.origin);
    const { output, code } = await runExample(port);
    expect(code).toBe(1);
    expect(output).toBe(
      `Port ${port} is in use. Stop what listens there, or choose another: PORT=${Number(port) + 1} node server.ts\n`,
    );
  });
});

async function visit(cookie = ''): Promise<{ html: string; header: string; cookie: string; status: number }> {
  const response = await fetch(example.origin, { headers: { cookie } });
  const header = response.headers.get('set-cookie') ?? '';
  return { html: await response.text(), header, cookie: header.split(';')[0] ?? '', status: response.status };
}

async function demoKey(): Promise<string> {
  const html = await (await fetch(`${example.origin}/key`)).text();
  return /sealring_[\w-]{47}/.exec(html)?.[0] ?? '';
}
