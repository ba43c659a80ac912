/** sealring/elysia: what it adds to an app, without Elysia, which runs in Bun. */
import { describe, expect, it } from 'vitest';
import { type ElysiaApp, sessions } from '../../../packages/sessions/src/adapters/elysia.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { Browser, secret } from '../support.ts';

const store = cookieStore({ keys: [secret(1)] });

/** An app that answers each request with `handle`, as Elysia's code does it: https://github.com/elysiajs/elysia, src/compose.ts, createHoc. */
class App implements ElysiaApp {
  readonly config: ElysiaApp['config'];
  readonly #handle: (request: Request) => unknown;
  #around: Parameters<ElysiaApp['wrap']>[0] = (handle) => handle;

  constructor(handle: (request: Request) => unknown, config: ElysiaApp['config'] = {}) {
    this.#handle = handle;
    this.config = config;
  }

  wrap(around: Parameters<ElysiaApp['wrap']>[0]): void {
    this.#around = around;
  }

  async fetch(request: Request): Promise<unknown> {
    return await this.#around((given) => this.#handle(given as Request), request)(request);
  }
}

const request = () => new Browser().request();

async function write(given: Request, value: string): Promise<Response> {
  const session = await store.get(given, 'login');
  session.set('text', value);
  return new Response('hello');
}

it('puts the cookie on the response', async () => {
  const app = new App((given) => write(given, 'x'));
  expect(sessions()(app)).toBe(app);
  const response = await app.fetch(request());
  expect(response).toBeInstanceOf(Response);
  expect(response instanceof Response && response.headers.getSetCookie()).toHaveLength(1);
});

it('lets a connection become a WebSocket', async () => {
  const app = new App(() => undefined);
  sessions()(app);
  expect(await app.fetch(request())).toBeUndefined();
});

describe('a save that fails', () => {
  const failing = () => new App((given) => write(given, 'x'.repeat(10_000)));

  it('is answered by onError', async () => {
    const app = failing();
    const seen: unknown[] = [];
    const onError = (error: unknown, given: Request) => {
      seen.push(error, given.url);
      return new Response('sorry');
    };
    sessions({ onError })(app);
    const response = await app.fetch(request());
    expect(response instanceof Response && (await response.text())).toBe('sorry');
    expect(seen).toEqual([expect.objectContaining({ code: 'ERR_SESSION_TOO_LARGE' }), 'https://example.org/']);
  });

  it('goes to the server without onError', async () => {
    const app = failing();
    sessions()(app);
    await expect(app.fetch(request())).rejects.toMatchObject({ code: 'ERR_SESSION_TOO_LARGE' });
  });
});

it('throws at once where Elysia would leave it out, and on wrong options', () => {
  const app = new App(() => undefined, { aot: false });
  expect(() => sessions()(app)).toThrow('sessions() expected an app without "aot: false"');
  // @ts-expect-error
  expect(() => sessions({ onErr: 1 })).toThrow('sessions() has no option "onErr"');
  // @ts-expect-error
  expect(() => sessions({ onError: 1 })).toThrow('"onError" expected a function, got 1');
});
