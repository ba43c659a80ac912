/** sealring/hono, where Hono's own rules for headers are in the way. */
import { type Context, Hono } from 'hono';
import { expect, it } from 'vitest';
import { sessions } from '../../../packages/sessions/src/adapters/hono.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { Browser, secret } from '../support.ts';

const store = cookieStore({ keys: [secret(1)] });

async function count(c: Context): Promise<unknown> {
  const session = await store.get(c, 'login');
  session.update('n', (n = 0) => n + 1);
  return session.get('n');
}

it('gives every visitor a copy of a response that the handler keeps', async () => {
  const kept = new Response('hello', { headers: { Vary: 'Accept', 'Set-Cookie': 'theme=dark' } });
  const app = new Hono().use(sessions()).get('/', async (c) => {
    await count(c);
    return kept.clone();
  });
  const response = await app.request('/');
  expect(response.headers.getSetCookie()).toEqual(['theme=dark', expect.stringMatching(/^__Host-login=/)]);
  expect(response.headers.get('vary')).toBe('Accept, Cookie');
  expect(await response.text()).toBe('hello');
  expect(kept.headers.getSetCookie()).toEqual(['theme=dark']);
});

it('saves once where it is used twice, and puts each cookie once', async () => {
  const inner = new Hono().use(sessions()).get('/', async (c) => c.text(`${await count(c)}`));
  const app = new Hono().use(sessions()).route('/', inner);
  const browser = new Browser();
  for (const expected of ['1', '2']) {
    const response = await browser.visit((request) => app.fetch(request));
    expect(await response.text()).toBe(expected);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  }
});

it('gives the error of a save to app.onError, whose page is not taken for compressed', async () => {
  const app = new Hono().use(sessions()).get('/', async (c) => {
    const session = await store.get(c, 'login');
    session.set('text', 'x'.repeat(10_000));
    return c.text('zipped', 200, { 'Content-Encoding': 'gzip', 'Content-Length': '6' });
  });
  app.onError((error, c) => {
    c.header('X-Error', String(Reflect.get(error, 'code')));
    return c.text('sorry', 503);
  });
  const response = await app.request('/');
  expect([response.status, await response.text()]).toEqual([503, 'sorry']);
  expect(response.headers.get('x-error')).toBe('ERR_SESSION_TOO_LARGE');
  expect(response.headers.has('content-encoding')).toBe(false);
  expect(response.headers.has('content-length')).toBe(false);
});

it('leaves it to Hono to say that nothing has answered', async () => {
  const app = new Hono().use(sessions()).use(async (c) => void (await count(c)));
  const errors: unknown[] = [];
  app.onError((error, c) => {
    errors.push(error.message);
    return c.text('sorry', 500);
  });
  expect((await app.request('/')).status).toBe(500);
  expect(errors).toEqual([expect.stringMatching(/^Context is not finalized/)]);
});
