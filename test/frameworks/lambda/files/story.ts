/** The routes that only the tests need. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { type LambdaAnswer, type LambdaResponse, sessions } from 'sealring/lambda';
import { app } from './app.ts';
import { cart, login } from './sessions.ts';

export { core, sealring } from './bench.ts';

export const http = sessions(async (event: APIGatewayProxyEventV2) => {
  const route = `${event.requestContext.http.method} ${event.rawPath}`;
  return (await story(route, event, { cookies: ['theme=dark'] })) ?? (await app(route, event));
});

export const rest = sessions(async (event: APIGatewayProxyEvent | ALBEvent) => {
  const route = `${event.httpMethod} ${event.path}`;
  const theme = event.headers
    ? { headers: { 'Set-Cookie': 'theme=dark' } }
    : { multiValueHeaders: { 'Set-Cookie': ['theme=dark'] } };
  return (await story(route, event, theme)) ?? (await app(route, event));
});

async function story(
  route: string,
  event: APIGatewayProxyEventV2 | APIGatewayProxyEvent | ALBEvent,
  theme: LambdaResponse,
): Promise<LambdaAnswer | undefined> {
  switch (route) {
    case 'POST /story/regenerate': {
      const session = await login.get(event);
      await session.regenerate();
      return { statusCode: 303, headers: { location: '/' } };
    }
    case 'POST /story/count':
      return { statusCode: 200, body: `${await count(event)}` };
    case 'GET /story/get':
      return new Response(`${await count()}`);
    case 'POST /story/other-request':
      return new Response(`${await count(event.headers ? { headers: event.headers } : structuredClone(event))}`);
    case 'GET /story/two': {
      const items = await cart.get(event);
      items.update('items', (n = 0) => n + 1);
      return { ...theme, statusCode: 200, body: `${await count({ ...event })} ${items.get('items')}` };
    }
    case 'GET /story/stream': {
      await count(event);
      return new Response(lines(), { headers: { 'content-type': 'text/plain' } });
    }
    case 'GET /story/redirect':
      await count(event);
      throw new Response(null, { status: 302, headers: { location: '/' } });
    case 'GET /story/throw':
      await count(event);
      throw new Error('boom');
    case 'GET /story/throw-after-logout': {
      const session = await login.get(event);
      session.logout();
      throw new Error('boom');
    }
    case 'GET /story/slow':
      await count(event);
      await wait(200);
      return { statusCode: 200, body: 'late' };
    default:
      return undefined;
  }
}

function lines(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async start(controller) {
      for (const line of ['one\n', 'two\n', 'three\n']) {
        controller.enqueue(new TextEncoder().encode(line));
        await wait(5);
      }
      controller.close();
    },
  });
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}
