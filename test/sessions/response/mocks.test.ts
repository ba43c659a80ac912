/** Responses without a connection, as tests and in-process calls have them: their body is read as soon as the handler returns. */

import { EventEmitter, once } from 'node:events';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { beforeHeaders, type HeaderCommit, type OnSaveError } from '../../../packages/sessions/src/response/node.ts';
import { CHANGES, COOKIE } from './node-servers.ts';

/** As those of unenv and node-mocks-http: what they say of themselves are values, and there is no method that Node has beside these. */
class MockResponse extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  writableEnded = false;
  finished = false;
  body = '';
  readonly headers: Record<string, number | string | readonly string[]> = {};

  getHeader(name: string): number | string | readonly string[] | undefined {
    return this.headers[name.toLowerCase()];
  }

  setHeader(name: string, value: number | string | readonly string[]): this {
    this.headers[name.toLowerCase()] = value;
    return this;
  }

  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()];
  }

  writeHead(status: number, headers: Record<string, string> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    this.headersSent = true;
    return this;
  }

  write(chunk: string | Uint8Array): boolean {
    this.headersSent = true;
    this.body += String(chunk);
    return true;
  }

  end(chunk = ''): this {
    if (this.writableEnded) throw new Error('it has ended');
    this.write(chunk);
    this.writableEnded = this.finished = true;
    return this;
  }

  destroy(): this {
    return this;
  }
}

const fail: OnSaveError = (error) => expect.unreachable(String(error));
const commits: { name: string; commit: HeaderCommit }[] = [
  { name: 'at once', commit: () => CHANGES },
  { name: 'later', commit: async () => CHANGES },
];

const answers: { name: string; answer: (response: MockResponse) => unknown; status: number; body: string }[] = [
  { name: 'end()', answer: (response) => response.end('hello'), status: 200, body: 'hello' },
  {
    name: 'write() and end()',
    answer: (response) => response.write('a') && response.end('b'),
    status: 200,
    body: 'ab',
  },
  {
    name: 'writeHead() and end()',
    answer: (response) => response.writeHead(201, { 'X-A': '1' }).end('made'),
    status: 201,
    body: 'made',
  },
];

describe('beforeHeaders() on a response without a connection', () => {
  it.each(answers)('has answered when the handler returns, where the commit does not wait: $name', (answered) => {
    const response = new MockResponse();
    beforeHeaders(response, () => CHANGES, fail);
    answered.answer(response);
    expect(response).toMatchObject({ statusCode: answered.status, body: answered.body, writableEnded: true });
    expect(response.getHeader('Set-Cookie')).toEqual([COOKIE]);
  });

  it.each(answers)('answers after the commit, where that waits: $name', async (answered) => {
    const response = new MockResponse();
    beforeHeaders(response, async () => CHANGES, fail);
    answered.answer(response);
    expect(response).toMatchObject({ body: '', headersSent: true, writableEnded: true, finished: true });
    await Promise.resolve();
    expect(response).toMatchObject({ statusCode: answered.status, body: answered.body, writableEnded: true });
    expect(response.getHeader('Set-Cookie')).toEqual([COOKIE]);
  });

  it.each(['a', 'a'.repeat(65_535), 'ä'.repeat(40_000)])('takes up to 64 KiB while the commit waits: %.4s', (chunk) => {
    const response = new MockResponse();
    beforeHeaders(response, async () => CHANGES, fail);
    expect([response.write(chunk), response.write(new Uint8Array(70_000))]).toEqual([true, false]);
  });

  it('tells who waits for a turn to write when it comes, where the response itself took everything', async () => {
    const response = new MockResponse();
    beforeHeaders(response, async () => CHANGES, fail);
    expect(response.write('a'.repeat(65_536))).toBe(false);
    await once(response, 'drain');
    expect(response.body).toHaveLength(65_536);
  });

  it('answers with a bare 500 where the commit fails', () => {
    const response = new MockResponse();
    const commit = (): never => {
      throw new Error('down');
    };
    beforeHeaders(response, commit, () => {});
    response.writeHead(200, { ETag: '"1"' }).end('secret');
    expect(response).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
    expect(response.headers).not.toHaveProperty('etag');
  });

  it.each(commits)('answers what Fastify’s inject() asks for, with a commit that is done $name', async ({ commit }) => {
    const app = fastify();
    app.addHook('onRequest', async (_request, reply) => beforeHeaders(reply.raw, commit, fail));
    app.get('/', () => ({ hello: 'world' }));
    const response = await app.inject('/');
    expect([response.statusCode, response.json(), response.headers['set-cookie']]).toEqual([
      200,
      { hello: 'world' },
      [COOKIE],
    ]);
  });
});
