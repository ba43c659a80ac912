/** Events of every gateway -> what the handler finds in them, and the results that they get. */
import { describe, expect, it } from 'vitest';
import { type LambdaAnswer, type LambdaResult, sessions } from '../../../packages/sessions/src/adapters/lambda.ts';
import { memory } from '../../../packages/sessions/src/backends/memory.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { defineSession } from '../../../packages/sessions/src/store/define.ts';
import type { LambdaEvent } from '../../../packages/sessions/src/store/request.ts';
import { serverStore } from '../../../packages/sessions/src/store/server-store.ts';
import { secret } from '../support.ts';

const store = cookieStore({ keys: [secret(1)] });
const login = defineSession<{ count: number }, string>({ store, name: 'login' });
const cart = defineSession<{ items: number }>({ store, name: 'cart' });

interface Gateway {
  name: string;
  event(cookies: readonly string[], method?: string): LambdaEvent;
  /** The Set-Cookie lines that it sends. */
  lines(result: LambdaResult): string[];
  /** Another header that it sends. */
  header(result: LambdaResult, name: string): unknown;
}

const elb = { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/6d0ecf831eec9f09' };

const gateways: Gateway[] = [
  {
    name: 'an HTTP API, a function URL',
    event: (cookies, method = 'GET') => ({
      version: '2.0',
      headers: { host: 'a' },
      ...(cookies.length === 0 ? {} : { cookies }),
      requestContext: { http: { method } },
    }),
    lines: ({ cookies = [] }) => cookies,
    header: ({ headers }, name) => headers?.[name],
  },
  {
    name: 'a REST API',
    event: (cookies, httpMethod = 'GET') => ({
      httpMethod,
      // The last of them, as AWS gives it.
      headers: { Host: 'a', ...(cookies.length === 0 ? {} : { Cookie: cookies.at(-1) }) },
      multiValueHeaders: { Host: ['a'], ...(cookies.length === 0 ? {} : { Cookie: cookies }) },
      requestContext: { apiId: 'id' },
    }),
    lines: ({ multiValueHeaders = {} }) => multiValueHeaders['set-cookie'] ?? [],
    header: ({ headers }, name) => headers?.[name],
  },
  {
    name: 'a REST API, without any header',
    event: (_, httpMethod = 'GET') => ({ httpMethod, headers: null, multiValueHeaders: null, requestContext: {} }),
    lines: ({ multiValueHeaders = {} }) => multiValueHeaders['set-cookie'] ?? [],
    header: ({ headers }, name) => headers?.[name],
  },
  {
    name: 'a load balancer',
    event: (cookies, httpMethod = 'GET') => ({
      httpMethod,
      headers: { host: 'a', ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }) },
      requestContext: { elb },
    }),
    lines: ({ headers = {} }) =>
      Object.keys(headers)
        .filter(isSetCookie)
        .map((name) => headers[name] ?? ''),
    header: ({ headers }, name) => headers?.[name],
  },
  {
    name: 'a load balancer with multi-value headers',
    event: (cookies, httpMethod = 'GET') => ({
      httpMethod,
      multiValueHeaders: { host: ['a'], ...(cookies.length === 0 ? {} : { cookie: cookies }) },
      requestContext: { elb },
    }),
    lines: ({ multiValueHeaders = {} }) => multiValueHeaders['set-cookie'] ?? [],
    header: ({ multiValueHeaders }, name) => multiValueHeaders?.[name]?.[0],
  },
];

const isSetCookie = (name: string) => name.toLowerCase() === 'set-cookie';
const [http, rest] = gateways as [Gateway, Gateway];

describe.each(gateways)('with an event of $name', ({ event, lines, header }) => {
  const hasCookies = event(['a=b']).cookies !== undefined || JSON.stringify(event(['a=b'])).includes('a=b');

  it('the sessions come and go', async () => {
    const handler = sessions(async (asked: LambdaEvent) => {
      const [session, items] = [await login.get(asked), await cart.get()];
      session.update('count', (n = 0) => n + 1);
      items.update('items', (n = 0) => n + 2);
      return { statusCode: 200, body: `${session.get('count')} ${items.get('items')}` };
    });
    const first = await handler(event([]));
    expect(first).toMatchObject({ statusCode: 200, body: '1 2', isBase64Encoded: false });
    expect(lines(first)).toHaveLength(2);
    expect(header(first, 'vary')).toBe('Cookie');
    expect(header(first, 'cache-control')).toBe('no-store');
    if (!hasCookies) return;
    const cookies = lines(first).map((line) => line.split(';')[0] ?? '');
    expect((await handler(event(cookies))).body).toBe('2 4');
  });

  it('cookies and headers of the handler stay', async () => {
    const handler = sessions(async (asked: LambdaEvent) => {
      const session = await login.get(asked);
      session.set('count', 1);
      return {
        statusCode: 201,
        headers: { 'X-Number': 7, 'X-Both': 'one', 'Set-Cookie': 'a=1' },
        multiValueHeaders: { 'X-Both': ['two', 'three'], 'set-cookie': ['b=1'] },
        cookies: ['c=1'],
      };
    });
    const result = await handler(event([]));
    expect(result.statusCode).toBe(201);
    expect(lines(result).map((line) => line.split('=')[0])).toEqual(['a', 'b', 'c', '__Host-login']);
    expect([header(result, 'x-number'), header(result, 'x-both')]).toEqual(['7', 'two, three']);
  });

  it('a session that is not asked for changes nothing', async () => {
    const result = await sessions(async () => ({ statusCode: 204, statusDescription: '204 No Content' }))(event([]));
    expect(result).toMatchObject({ statusCode: 204, statusDescription: '204 No Content', body: '' });
    expect(lines(result)).toEqual([]);
    expect([header(result, 'vary'), header(result, 'content-type')]).toEqual([undefined, undefined]);
  });

  it('copies, and what shares its headers, stand for it', async () => {
    const handler = sessions(async (asked: LambdaEvent) => {
      const sessionsFound = [await login.get(asked), await login.get({ ...asked }), await login.get()];
      if (asked.headers) sessionsFound.push(await login.get({ headers: asked.headers }));
      return { statusCode: 200, body: `${new Set(sessionsFound).size}` };
    });
    expect((await handler(event(['a=b', 'c=d']))).body).toBe('1');
  });

  it('HEAD leaves the messages', async () => {
    const add = sessions(async (asked: LambdaEvent) => {
      (await login.get(asked)).addFlash('hello');
      return 'added';
    });
    const read = sessions(async (asked: LambdaEvent) => (await login.get(asked)).flashes().join());
    const cookies = lines(await add(event([]))).map((line) => line.split(';')[0] ?? '');
    expect(lines(await read(event(cookies, 'HEAD')))).toEqual([]);
    if (hasCookies) expect(lines(await read(event(cookies)))).toHaveLength(1);
  });
});

describe('the answer of a handler', () => {
  const ask = (answer: unknown, { event }: Gateway = http) => sessions(async () => answer as LambdaAnswer)(event([]));

  it.each<[name: string, response: () => Response, expected: Partial<LambdaResult>]>([
    ['text', () => new Response('héllo'), { body: 'héllo', isBase64Encoded: false }],
    [
      'JSON',
      () => Response.json({ a: 1 }, { status: 201 }),
      { statusCode: 201, body: '{"a":1}', isBase64Encoded: false },
    ],
    ['a kind of JSON', () => typed('{}', 'application/problem+json'), { body: '{}', isBase64Encoded: false }],
    ['a picture of text', () => typed('<svg/>', 'image/svg+xml'), { body: '<svg/>', isBase64Encoded: false }],
    ['bytes', () => new Response(new Uint8Array([0, 255, 128])), { body: 'AP+A', isBase64Encoded: true }],
    [
      'compressed text',
      () => typed('gz', 'text/plain', { 'content-encoding': 'gzip' }),
      { body: 'Z3o=', isBase64Encoded: true },
    ],
    ['nothing', () => new Response(null, { status: 204 }), { statusCode: 204, body: '', isBase64Encoded: false }],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: '/' } }),
      { statusCode: 302, headers: { location: '/' } },
    ],
  ])('may be a Response: %s', async (_, response, expected) => {
    expect(await ask(response())).toMatchObject(expected);
    expect((await ask(response(), rest)).body).toBe((await ask(response())).body);
  });

  it('may be a Response that is thrown', async () => {
    const handler = sessions(async (event: LambdaEvent): Promise<string> => {
      (await login.get(event)).set('count', 1);
      throw new Response('gone', { status: 303, headers: { location: '/' } });
    });
    const result = await handler(http.event([]));
    expect(result).toMatchObject({ statusCode: 303, body: 'gone', headers: { location: '/' } });
    expect(result.cookies).toHaveLength(1);
  });

  // As API Gateway's documentation says it is read.
  it.each([
    ['hello', 'hello'],
    [{ message: 'hello' }, '{"message":"hello"}'],
  ])('may be the body alone: %j', async (answer, body) => {
    expect(await ask(answer)).toMatchObject({ statusCode: 200, body, headers: { 'content-type': 'application/json' } });
  });

  it.each([undefined, null])('%s is a mistake', async (answer) => {
    await expect(ask(answer)).rejects.toThrow(
      /expected the handler to return a response, got .*is a "return" missing\?/,
    );
  });

  it('is given what Lambda gives', async () => {
    const handler = sessions(async (_event: LambdaEvent, { requestId }: { requestId: string }) => requestId);
    expect((await handler(http.event([]), { requestId: 'a' })).body).toBe('a');
    expect(handler).toHaveLength(1); // Lambda takes one with three for a callback handler
  });
});

describe('errors', () => {
  const backend = Object.assign(memory(), { set: () => Promise.reject(new Error('down')) });
  const broken = serverStore({ keys: [secret(1)], backend });
  const change = async (event: LambdaEvent): Promise<LambdaAnswer> => {
    (await broken.get(event, 'broken')).set('a', 1);
    return 'saved';
  };

  it('of a save go on', async () => {
    await expect(sessions(change)(http.event([]))).rejects.toMatchObject({ code: 'ERR_SESSION_BACKEND' });
  });

  it('of a save are given to onError, which may answer', async () => {
    const answer = { statusCode: 503, body: 'later' };
    const event = http.event([]);
    const told: unknown[] = [];
    const onError = (...given: unknown[]) => {
      told.push(...given);
      return answer;
    };
    expect(await sessions(change, { onError })(event)).toMatchObject(answer);
    expect(told).toEqual([expect.objectContaining({ code: 'ERR_SESSION_BACKEND' }), event]);
    const onErrorResponse = async () => new Response('later', { status: 503 });
    expect(await sessions(change, { onError: onErrorResponse })(event)).toMatchObject(answer);
  });

  it('of the handler go on, and only a logout is saved', async () => {
    const own = defineSession<{ count: number }, string>({
      store: serverStore({ keys: [secret(1)], backend: memory() }),
      name: 'own',
    });
    const start = sessions(async (event: LambdaEvent) => {
      (await own.get(event)).set('count', 1);
      return 'started';
    });
    const cookies = ((await start(http.event([]))).cookies ?? []).map((line) => line.split(';')[0] ?? '');
    const read = sessions(async (event: LambdaEvent) => `${(await own.get(event)).get('count')}`);
    const fail = (change: 'update' | 'logout') =>
      sessions(async (event: LambdaEvent): Promise<string> => {
        const session = await own.get(event);
        if (change === 'logout') session.logout();
        else session.set('count', 2);
        throw new Error('boom');
      })(http.event(cookies));
    await expect(fail('update')).rejects.toThrow('boom');
    expect((await read(http.event(cookies))).body).toBe('1');
    await expect(fail('logout')).rejects.toThrow('boom');
    expect((await read(http.event(cookies))).body).toBe('undefined');
  });

  it('of the options are told at once', () => {
    expect(() => sessions(change, { onErorr: 1 } as object)).toThrow(/has no option "onErorr"; it takes onError/);
    expect(() => sessions(change, { onError: 1 } as object)).toThrow(/"onError" expected a function/);
  });
});

it('visitors without cookies, at once in one function, are kept apart', async () => {
  const handler = sessions(async () => {
    const session = await login.get();
    await new Promise((resolve) => setTimeout(resolve, 1));
    (await login.get()).update('count', (n = 0) => n + 1);
    return `${session.get('count')}`;
  });
  const results = await Promise.all([1, 2, 3].map(() => handler(http.event([]))));
  expect(results.map(({ body }) => body)).toEqual(['1', '1', '1']);
});

function typed(body: string, type: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { 'content-type': type, ...headers } });
}
