/** Frameworks for Node on a response whose headers wait for a commit: every way to answer is the same as without, plus our headers. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { beforeHeaders, type HeaderCommit } from '../../../packages/sessions/src/response/node.ts';
import { type Answer, ask, CHANGES, COOKIE, type Handler, noise, withoutChanges, withServer } from './node-servers.ts';

const BIG = noise(3_500_000, 7);
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealring-'));
  file = join(folder, 'big.bin');
  await writeFile(file, BIG);
});
afterAll(() => rm(folder, { recursive: true }));

type Install = (response: http.ServerResponse) => void;

interface Framework {
  name: string;
  paths: string[];
  create: (install: Install) => Handler | Promise<Handler>;
}

const frameworks: Framework[] = [
  {
    name: 'Express 5',
    paths: ['/json', '/send', '/redirect', '/file', '/pipe', '/cookie', '/raw', '/throw', '/late-throw', '/missing'],
    create: (install) => {
      const app = express();
      app.use((_request, response, next) => {
        install(response);
        next();
      });
      app.get('/json', (_request, response) => response.status(201).json({ a: [1, 2] }));
      app.get('/send', (_request, response) => response.send('hello'));
      app.get('/redirect', (_request, response) => response.redirect('/next'));
      app.get('/file', (_request, response) => response.sendFile(file));
      app.get('/pipe', (_request, response) => createReadStream(file).pipe(response));
      app.get('/cookie', (_request, response) => response.cookie('a', '1').cookie('b', '2').send('hello'));
      app.get('/raw', (_request, response) => response.writeHead(200, { 'Set-Cookie': ['a=1'] }).end('hello'));
      app.get('/throw', async () => {
        await delay(1);
        throw Object.assign(new Error('no'), { status: 418, stack: 'no' });
      });
      // Express gives up on a response whose headers are sent and closes the connection.
      app.get('/late-throw', (_request, response) => {
        response.write('a');
        throw Object.assign(new Error('no'), { stack: 'no' });
      });
      return app;
    },
  },
  {
    name: 'Fastify 5',
    paths: ['/object', '/stream', '/string', '/redirect', '/hijack', '/hijack-stream', '/cookie', '/throw', '/missing'],
    create: async (install) => {
      const app = fastify();
      app.addHook('onRequest', async (_request, reply) => install(reply.raw));
      app.get('/object', (_request, reply) => reply.code(201).send({ a: [1, 2] }));
      app.get('/stream', (_request, reply) => reply.send(createReadStream(file)));
      app.get('/string', async () => 'hello');
      app.get('/redirect', (_request, reply) => reply.redirect('/next'));
      app.get('/hijack', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(202, { 'X-A': '1', 'Set-Cookie': 'a=1' });
        reply.raw.write('a');
        reply.raw.end('b');
      });
      app.get('/hijack-stream', (_request, reply) => {
        reply.hijack();
        createReadStream(file).pipe(reply.raw);
      });
      app.get('/cookie', (_request, reply) => reply.header('Set-Cookie', 'a=1').header('Set-Cookie', 'b=2').send('x'));
      app.get('/throw', async () => {
        throw Object.assign(new Error('no'), { statusCode: 418 });
      });
      await app.ready();
      return (request, response) => app.routing(request, response);
    },
  },
  {
    name: 'Koa 3',
    paths: ['/string', '/stream', '/json', '/redirect', '/empty', '/cookie', '/own', '/throw', '/missing'],
    create: (install) => {
      const app = new Koa();
      app.silent = true;
      app.use((ctx, next) => {
        install(ctx.res);
        return next();
      });
      app.use((ctx) => {
        if (ctx.path === '/string') ctx.body = 'hello';
        if (ctx.path === '/stream') ctx.body = createReadStream(file);
        if (ctx.path === '/json') ctx.body = { a: [1, 2] };
        if (ctx.path === '/redirect') ctx.redirect('/next');
        if (ctx.path === '/empty') ctx.status = 204;
        if (ctx.path === '/cookie') {
          ctx.cookies.set('a', '1');
          ctx.body = 'hello';
        }
        if (ctx.path === '/own') {
          ctx.respond = false;
          ctx.res.writeHead(200, { 'X-A': '1' });
          Readable.from([BIG.subarray(0, 1_000_000), BIG.subarray(1_000_000)]).pipe(ctx.res);
        }
        if (ctx.path === '/throw') ctx.throw(418, 'no');
      });
      return app.callback();
    },
  },
];

const slowly: HeaderCommit = async () => {
  await delay(20);
  return CHANGES;
};

describe.each(frameworks)('beforeHeaders() under $name', ({ paths, create }) => {
  it.each(paths)('changes nothing but its headers: %s', async (path) => {
    const bare = await serve(create, path, undefined);
    for (const commit of [() => CHANGES, slowly]) {
      const answer = await serve(create, path, commit);
      if (bare === 'closed' || answer === 'closed') {
        expect(answer).toBe(bare);
        continue;
      }
      expect(answer.setCookies.filter((line) => line === COOKIE)).toEqual([COOKIE]);
      expect(comparable(withoutChanges(answer))).toEqual(comparable(bare));
    }
  });

  it.each(paths.filter((path) => path !== '/late-throw'))(
    'sends a bare 500 when the commit fails: %s',
    async (path) => {
      const onError = vi.fn();
      const fails: HeaderCommit = async () => {
        await delay(5);
        throw new Error('secret');
      };
      const answer = await serve(create, path, fails, onError);
      expect(answer).toMatchObject({ status: 500, text: 'Internal Server Error' });
      expect(answer).not.toMatchObject({ setCookies: expect.arrayContaining([COOKIE]) });
      expect(onError).toHaveBeenCalledOnce();
    },
  );
});

async function serve(
  create: Framework['create'],
  path: string,
  commit: HeaderCommit | undefined,
  onError: (error: unknown) => void = () => expect.unreachable('the commit succeeds'),
): Promise<Answer | 'closed'> {
  const counted = vi.fn(commit);
  const handler = await create((response) => {
    if (commit !== undefined) beforeHeaders(response, counted, onError);
  });
  const answer = await withServer('HTTP/1.1', handler, (port) => {
    return ask('HTTP/1.1', port, { path }).catch((error: { code?: string }): 'closed' => {
      if (error.code !== 'ECONNRESET') throw error;
      return 'closed';
    });
  });
  expect(counted).toHaveBeenCalledTimes(commit === undefined ? 0 : 1);
  return answer;
}

function comparable(answer: Answer): Answer {
  const headers = answer.headers.toSorted(([one], [other]) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
  return { ...answer, headers };
}
