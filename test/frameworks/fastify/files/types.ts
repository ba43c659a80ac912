/** What editors know in a handler. */

import type { Http2SecureServer } from 'node:http2';
import { expectTypeOf } from 'expect-type';
import Fastify, { type FastifyPluginCallback } from 'fastify';
import { sessions } from 'sealring/fastify';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<FastifyPluginCallback>();
expectTypeOf(sessions()).toExtend<FastifyPluginCallback<object, Http2SecureServer>>();

const app = Fastify();
app.register(sessions());
app.register(sessions({ onError: (_error, response) => response.end() }));
Fastify({ http2: true, https: {} }).register(sessions());

app.get<{ Params: { id: string } }>('/:id', async (request) => {
  expectTypeOf(request.params.id).toEqualTypeOf<string>();
  const session = await login.get(request);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});
