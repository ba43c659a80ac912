/** What the visitor gets when a save fails: a page of `onError`, or a bare 500. And the process goes on, whatever `onError` does. */

import { once } from 'node:events';
import type http from 'node:http';
import net from 'node:net';
import { Readable } from 'node:stream';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { beforeHeaders, type HeaderCommit, type OnSaveError } from '../../../packages/sessions/src/response/node.ts';
import {
  type Answer,
  ask,
  CHANGES,
  COOKIE,
  type Handler,
  PROTOCOLS,
  type Protocol,
  signal,
  withServer,
} from './node-servers.ts';

type OnError = OnSaveError<http.ServerResponse>;

const ERROR = new Error('the database is down');
const PAGE = `<h1>Sorry</h1>${'.'.repeat(2000)}`;
const BARE = { status: 500, text: 'Internal Server Error' };

const commits: { name: string; commit: HeaderCommit }[] = [
  {
    name: 'at once',
    commit: () => {
      throw ERROR;
    },
  },
  { name: 'later', commit: () => tick().then(() => Promise.reject(ERROR)) },
];

/** What the handler does that believes in its success. */
const handlers: { name: string; answer: (response: http.ServerResponse) => void }[] = [
  { name: 'has ended', answer: (response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('secret') },
  { name: 'goes on writing', answer: (response) => Readable.from(secrets()).pipe(response) },
];

const cases = commits.flatMap(({ name: when, commit }) =>
  handlers.map(({ name, answer }) => ({ when, commit, name, answer })),
);

const reported = vi.spyOn(console, 'error').mockImplementation(() => {});
afterEach(() => reported.mockClear());

describe.each(PROTOCOLS)('onError on %s', (protocol) => {
  describe.each(cases)('of a commit that fails $when, while the handler $name', ({ commit, answer }) => {
    const respond = (onError: (own: http.ServerResponse) => OnError): Promise<Answer> =>
      serve(protocol, commit, answer, onError);

    it('may answer at once, through the response of the handler', async () => {
      const answered = await respond((own) => () => {
        own.statusCode = 503;
        own.setHeader('Content-Type', 'text/html');
        own.end(PAGE);
      });
      expect([answered.status, answered.length]).toEqual([503, PAGE.length]);
      expect(headerOf(answered, 'content-type')).toBe('text/html');
      expect(headerOf(answered, 'cache-control')).toBe('no-store');
      expect(answered.setCookies).toEqual([]);
    });

    it('may answer at once, through the response that it gets', async () => {
      const told = vi.fn();
      const answered = await respond(() => (error, response) => {
        told(error);
        response.statusCode = 503;
        response.write('<h1>');
        response.write('Sorry');
        response.end();
      });
      expect(answered).toMatchObject({ status: 503, text: '<h1>Sorry' });
      expect(told.mock.calls).toEqual([[ERROR]]);
    });

    it('may answer later, through the response that it gets', async () => {
      const answered = await respond(() => async (_error, response) => {
        await tick();
        response.setHeader('Content-Type', 'text/html');
        const begun = response.writeHead(503, { 'X-A': '1' });
        await tick();
        begun.end(PAGE);
      });
      expect([answered.status, answered.length]).toEqual([503, PAGE.length]);
      expect([headerOf(answered, 'content-type'), headerOf(answered, 'x-a')]).toEqual(['text/html', '1']);
    });

    it('may pipe its page', async () => {
      const answered = await respond(() => async (_error, response) => {
        await tick();
        Readable.from([PAGE.slice(0, 500), PAGE.slice(500)]).pipe(response);
        await once(response, 'finish');
      });
      expect([answered.status, answered.length]).toEqual([500, PAGE.length]);
    });

    it.each([
      {
        name: 'throws',
        onError: () => {
          throw new Error('no template');
        },
      },
      { name: 'rejects', onError: () => tick().then(() => Promise.reject(new Error('no template'))) },
    ])('that $name is reported, and the visitor gets a bare 500', async ({ onError }) => {
      expect(await respond(() => onError)).toMatchObject(BARE);
      expect(reported.mock.calls).toEqual([[new Error('no template')]]);
    });

    it.each([
      { name: 'returns nothing', onError: () => {} },
      { name: 'returns what logging returns', onError: () => 42 },
      { name: 'resolves', onError: () => tick() },
      {
        name: 'only sets headers',
        onError: ((_error, response) => {
          response.statusCode = 503;
          response.setHeader('Content-Type', 'text/html');
        }) satisfies OnError,
      },
    ])('that $name leaves the visitor a bare 500', async ({ onError }) => {
      const answered = await respond(() => onError);
      expect(answered).toMatchObject(BARE);
      expect(headerOf(answered, 'content-type')).toBe('text/plain; charset=utf-8');
      expect(reported).not.toHaveBeenCalled();
    });
  });

  it('sends its page with the cookies of the sessions that were saved', async () => {
    const commit: HeaderCommit = () => ({ ...CHANGES, failure: { error: ERROR } });
    const answered = await serve(
      protocol,
      commit,
      (response) => response.end('secret'),
      () => (_error, response) => response.writeHead(503) && response.end(),
    );
    expect([answered.status, answered.setCookies]).toEqual([503, [COOKIE]]);
  });
});

describe('onError', () => {
  it('may use what Express adds to the response, also later', async () => {
    const app = express();
    app.use((_request, response, next) => {
      const commit = (): Promise<never> => tick().then(() => Promise.reject(ERROR));
      beforeHeaders(response, commit, async (_error, own) => {
        await tick();
        own.status(503).json({ sorry: true });
      });
      next();
    });
    app.get('/', (_request, response) => void response.json({ secret: true }));
    const answered = await withServer('HTTP/1.1', app, (port) => ask('HTTP/1.1', port));
    expect(answered).toMatchObject({ status: 503, text: '{"sorry":true}' });
    expect(headerOf(answered, 'content-type')).toBe('application/json; charset=utf-8');
  });

  it('is told when the visitor has left, and may write', async () => {
    const waits = signal();
    const closed = signal();
    const told = signal();
    const handler: Handler = (_request, response) => {
      response.on('close', closed.resolve);
      const commit = async (): Promise<never> => {
        waits.resolve();
        await closed.promise;
        throw ERROR;
      };
      beforeHeaders(response, commit, (error, own) => {
        own.end();
        told.resolve(error);
      });
      response.end('secret');
    };
    await withServer('HTTP/1.1', handler, async (port) => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
      await waits.promise;
      socket.destroy();
      expect(await told.promise).toBe(ERROR);
    });
  });
});

async function serve(
  protocol: Protocol,
  commit: HeaderCommit,
  answer: (response: http.ServerResponse) => void,
  onError: (own: http.ServerResponse) => OnError,
): Promise<Answer> {
  const handler: Handler = (_request, response) => {
    beforeHeaders(response, commit, onError(response));
    answer(response);
  };
  return await withServer(protocol, handler, (port) => ask(protocol, port));
}

function headerOf({ headers }: Answer, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

async function* secrets(): AsyncGenerator<string> {
  for (let at = 0; at < 20; at++) {
    yield 'secret';
    await tick();
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
