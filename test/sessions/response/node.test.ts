import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  applyToNodeResponse,
  beforeHeaders,
  type HeaderCommit,
  type OnSaveError,
} from '../../../packages/sessions/src/response/node.ts';
import {
  type Answer,
  ask,
  CHANGES,
  COOKIE,
  type Handler,
  noise,
  PROTOCOLS,
  type Protocol,
  setting,
  signal,
  withoutChanges,
  withServer,
} from './node-servers.ts';

const BIG = noise(3_500_000);
const slowly: HeaderCommit = async () => {
  await delay(20);
  return CHANGES;
};

/** For commits that succeed: throws from a turn of its own, so that the test run fails. */
const fail: OnSaveError = (error) => {
  queueMicrotask(() => {
    throw error;
  });
};

interface Scenario {
  name: string;
  answer: (response: http.ServerResponse, request: http.IncomingMessage) => unknown;
  method?: string;
  only?: Protocol;
}

const scenarios: Scenario[] = [
  { name: 'end(body)', answer: (res) => res.end('hello') },
  { name: 'end() alone', answer: (res) => res.end() },
  { name: 'end(body, encoding, callback)', answer: (res) => res.end('68656c6c6f', 'hex', () => {}) },
  {
    name: 'write, write, end',
    answer: (res) => {
      res.write('a');
      res.write('b');
      res.end('c');
    },
  },
  { name: 'end of 3.5 MB', answer: (res) => res.end(BIG) },
  {
    name: 'write of 3.5 MB, end',
    answer: (res) => {
      res.write(BIG);
      res.end('.');
    },
  },
  { name: 'pipe of 3.5 MB', answer: (res) => Readable.from(pieces(BIG)).pipe(res) },
  { name: 'pipeline of 3.5 MB', answer: (res) => pipeline(Readable.from(pieces(BIG)), res) },
  { name: 'pipeline of an iterator', answer: (res) => pipeline(pieces(BIG), res) },
  { name: 'writes that wait for drain', answer: (res) => writePieces(res) },
  { name: 'writes that wait for callbacks', answer: (res) => writeOneByOne(res) },
  {
    name: 'writes that wait for nothing',
    answer: (res) => {
      [...pieces(BIG)].map((piece) => res.write(piece));
      res.end();
    },
  },
  {
    name: 'cork and uncork',
    answer: (res) => {
      res.cork();
      res.write('a');
      res.write('b');
      res.uncork();
      res.end();
    },
  },
  { name: 'writeHead(status)', answer: (res) => res.writeHead(404).end('no') },
  {
    name: 'writeHead(status, object)',
    answer: (res) => res.writeHead(200, { 'X-A': '1', 'x-b': ['2', '3'] }).end('a'),
  },
  {
    name: 'writeHead(status, flat array)',
    answer: (res) => res.writeHead(200, ['X-A', '1', 'X-A', '2', 'X-B', '3']).end('a'),
  },
  {
    name: 'writeHead(status, message, object)',
    answer: (res) => res.writeHead(299, 'Fine', { 'X-A': '1' }).end('a'),
    only: 'HTTP/1.1',
  },
  { name: 'writeHead(status, message)', answer: (res) => res.writeHead(299, 'Fine').end('a'), only: 'HTTP/1.1' },
  {
    name: 'writeHeader',
    answer: (res) => Reflect.get(res, 'writeHeader').call(res, 201, { a: 'b' }).end(),
    only: 'HTTP/1.1',
  },
  {
    name: 'setHeader, then writeHead over it',
    answer: (res) => {
      res.setHeader('X-A', 'old');
      res.setHeader('X-B', 'stays');
      res.writeHead(200, { 'x-a': 'new' }).end('a');
    },
  },
  {
    name: 'setHeader, then writeHead(status, flat array)',
    answer: (res) => {
      res.setHeader('X-A', 'old');
      res.writeHead(200, ['X-A', '1', 'X-A', '2']).end('a');
    },
  },
  {
    name: 'Set-Cookie by setHeader',
    answer: (res) => {
      res.setHeader('Set-Cookie', ['a=1; Path=/', 'b=2']);
      res.end('a');
    },
  },
  {
    name: 'one Set-Cookie by setHeader',
    answer: (res) => {
      res.setHeader('set-cookie', 'a=1');
      res.end('a');
    },
  },
  { name: 'Set-Cookie by writeHead', answer: (res) => res.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'] }).end('a') },
  {
    name: 'Set-Cookie by writeHead(status, flat array)',
    answer: (res) => res.writeHead(200, ['Set-Cookie', 'a=1', 'X-A', '1', 'set-cookie', 'b=2']).end('a'),
  },
  { name: 'a redirect', answer: (res) => res.writeHead(302, { Location: '/next' }).end() },
  {
    name: '204',
    answer: (res) => {
      res.statusCode = 204;
      res.end();
    },
  },
  { name: '304', answer: (res) => res.writeHead(304, { ETag: '"1"' }).end() },
  { name: 'HEAD', answer: (res) => res.end('hello'), method: 'HEAD' },
  { name: 'HEAD with length', answer: (res) => res.writeHead(200, { 'Content-Length': 5 }).end(), method: 'HEAD' },
  {
    name: 'Content-Length',
    answer: (res) => {
      res.setHeader('Content-Length', 5);
      res.write('hel');
      res.end('lo');
    },
  },
  { name: 'flushHeaders, then events', answer: (res) => sendEvents(res) },
  {
    name: 'flushHeaders twice',
    answer: (res) => {
      res.flushHeaders();
      res.flushHeaders();
      res.end('a');
    },
  },
  {
    name: 'trailers',
    answer: (res) => {
      res.writeHead(200, { Trailer: 'X-T' });
      res.write('a');
      res.addTrailers({ 'X-T': '1' });
      res.end('b');
    },
  },
  {
    name: 'status set after write',
    answer: (res) => {
      res.statusCode = 201;
      res.write('a');
      res.statusCode = 202;
      res.end();
    },
  },
  {
    name: 'end twice',
    answer: (res) => {
      res.end('a');
      res.end();
      res.end();
    },
  },
  {
    name: 'write after end',
    answer: (res) => {
      res.on('error', () => {});
      res.end('a');
      res.write('b', () => {});
    },
    only: 'HTTP/1.1', // on HTTP/2 it destroys the stream
  },
  {
    name: 'all that throws once headers are sent',
    answer: (res) => {
      res.write('a');
      const codes = [
        codeOf(() => res.setHeader('a', 'b')),
        codeOf(() => res.appendHeader('a', 'b')),
        codeOf(() => res.removeHeader('a')),
        codeOf(() => res.writeHead(200)),
        codeOf(() => Reflect.apply(res.write, res, [null])),
        codeOf(() => Reflect.apply(res.write, res, [7])),
        codeOf(() => Reflect.apply(res.end, res, [7])),
      ];
      res.end(codes.join());
    },
    only: 'HTTP/1.1',
  },
  {
    name: 'headers that throw, then an error page',
    answer: (res) => {
      const codes = [
        codeOf(() => res.writeHead(200, { 'bad name': 'x' })),
        codeOf(() => res.writeHead(200, { 'X-A': 'bad\nvalue' })),
        codeOf(() => res.writeHead(200, ['odd'])),
      ];
      res.writeHead(200, { 'X-B': '1' }).end(codes.join());
    },
    only: 'HTTP/1.1', // HTTP/2 has taken over the status by then
  },
  {
    name: 'what the response says of itself',
    answer: (res) => {
      const says: boolean[] = [];
      const look = (): number => says.push(res.headersSent, res.writableEnded, res.finished);
      look();
      res.write('a');
      look();
      res.end();
      look();
      said.push(says.join());
    },
  },
];

const said: string[] = [];

describe.each(PROTOCOLS)('beforeHeaders() on %s', (protocol) => {
  const fitting = scenarios.filter(({ only }) => only === undefined || only === protocol);

  it.each(fitting)('changes nothing but its headers: $name', async ({ answer, method = 'GET' }) => {
    said.length = 0;
    const bare = await serve(protocol, answer, undefined, method);
    const idle = await serve(protocol, answer, () => undefined, method);
    const prompt = await serve(protocol, answer, () => CHANGES, method);
    const slow = await serve(protocol, answer, slowly, method);
    const slowAndIdle = await serve(protocol, answer, async () => delay(5, undefined), method);
    expect(idle).toEqual(bare);
    expect(sorted(slowAndIdle)).toEqual(sorted(bare));
    for (const answered of [prompt, slow]) {
      expect(answered.setCookies.filter((line) => line === COOKIE)).toEqual([COOKIE]);
      expect(answered.headers.map(([name]) => name.toLowerCase())).toContain('vary');
      expect(sorted(withoutChanges(answered))).toEqual(sorted(bare));
    }
    expect(new Set(said).size).toBeLessThan(2);
  });

  it('sends no header before the commit has ended', async () => {
    let hasEnded = false;
    let wasSent: boolean | undefined;
    const seen: boolean[] = [];
    const handler: Handler = (_request, response) => {
      beforeHeaders(
        response,
        async () => {
          await new Promise((resolve) => setImmediate(resolve)); // by then the handler has written all
          wasSent = hasSentHeaders(response);
          hasEnded = true;
          return CHANGES;
        },
        fail,
      );
      response.writeHead(200, { 'X-A': '1' });
      response.flushHeaders();
      response.write('a');
      response.end();
    };
    await withServer(protocol, handler, (port) => ask(protocol, port, { onHeaders: () => seen.push(hasEnded) }));
    expect([wasSent, seen]).toEqual([false, [true]]);
  });

  it('keeps the lines of others, also under the name of our cookie', async () => {
    const lines = ['a=1', 'sid=; Max-Age=0', 'b=2'];
    const answer: Scenario['answer'] = (res) => res.writeHead(200, { 'Set-Cookie': lines }).end();
    const reads: HeaderCommit = () => ({ cookies: [], readSession: true });
    for (const commit of [() => CHANGES, slowly]) {
      expect((await serve(protocol, answer, commit)).setCookies).toEqual([...lines, COOKIE]);
    }
    expect((await serve(protocol, answer, reads)).setCookies).toEqual(lines);
  });

  it.each([false, true])('replaces the line of an earlier commit, which waited: %s', async (waits) => {
    const handler: Handler = (_request, response) => {
      applyToNodeResponse(response, setting('sid=first', 'cart=first'));
      for (const line of ['sid=second', 'sid=third']) {
        beforeHeaders(response, () => (waits ? delay(5, setting(line)) : setting(line)), fail);
      }
      response.end('x');
    };
    const { setCookies } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect(setCookies).toEqual(['cart=first', 'sid=third']);
  });

  it.each([false, true])('runs two commits once each, in order, the first waiting: %s', async (waits) => {
    const ran: string[] = [];
    const handler: Handler = (_request, response) => {
      for (const name of ['one', 'two']) {
        beforeHeaders(
          response,
          () => {
            ran.push(name);
            const changes = setting(`${name}=1`);
            return waits && name === 'one' ? delay(5, changes) : changes;
          },
          fail,
        );
      }
      response.writeHead(200, { 'Set-Cookie': 'a=1' });
      response.end('x');
    };
    const { setCookies } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect(setCookies).toEqual(['a=1', 'one=1', 'two=1']);
    expect(ran).toEqual(['one', 'two']);
  });

  it('carries out what a commit itself writes, before anything else', async () => {
    const handler: Handler = (_request, response) => {
      beforeHeaders(
        response,
        () => {
          response.write('a');
          return CHANGES;
        },
        fail,
      );
      response.end('b');
    };
    const { setCookies, text } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect([setCookies, text]).toEqual([[COOKIE], 'ab']);
  });

  it.runIf(protocol === 'HTTP/1.1')('lets compression ask for the headers before each write', async () => {
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, slowly, fail);
      for (const piece of ['a', 'b']) {
        Reflect.get(response, '_implicitHeader').call(response);
        response.write(piece);
      }
      response.end();
    };
    const { setCookies, text } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect([setCookies, text]).toEqual([[COOKIE], 'ab']);
  });

  it.each([
    { name: 'waits', commit: slowly },
    { name: 'does not wait', commit: () => CHANGES },
  ])('leaves the methods of the response as they were: the commit $name', async ({ commit }) => {
    const methods: unknown[][] = [];
    const look = ({ writeHead, write, end, flushHeaders }: http.ServerResponse): unknown =>
      methods.push([writeHead, write, end, flushHeaders]);
    const handler: Handler = async (_request, response) => {
      look(response);
      beforeHeaders(response, commit, fail);
      await new Promise<unknown>((resolve) => response.write('a', resolve));
      look(response);
      response.end();
    };
    await withServer(protocol, handler, (port) => ask(protocol, port));
    const [before, after] = methods;
    expect(before).toHaveLength(4);
    expect(after).toEqual(before);
  });

  it('holds nothing back where the commit does not wait', async () => {
    const seen: unknown[] = [];
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, () => CHANGES, fail);
      seen.push(response.write('a'), Object.hasOwn(response, 'headersSent'), response.headersSent);
      response.end();
    };
    await withServer(protocol, handler, (port) => ask(protocol, port));
    expect(seen).toEqual([true, false, true]);
  });

  it.each(['under', 'over'])('works with a wrapped writeHead %s it', async (place) => {
    const handler: Handler = (_request, response) => {
      if (place === 'over') beforeHeaders(response, slowly, fail);
      const native = response.writeHead;
      let fired = 0;
      response.writeHead = function writeHead(this: http.ServerResponse, ...args: Parameters<typeof native>) {
        if (fired++ === 0) this.setHeader('X-Late', 'yes');
        return Reflect.apply(native, this, args);
      } as typeof native; // an overloaded function
      if (place === 'under') beforeHeaders(response, slowly, fail);
      response.write('a');
      response.end('b');
    };
    const { headers, setCookies, text } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect(headers.filter(([name]) => name.toLowerCase() === 'x-late').length).toBe(1);
    expect([setCookies, text]).toEqual([[COOKIE], 'ab']);
  });

  describe('when a commit fails', () => {
    const failures: [name: string, commit: HeaderCommit, setCookies: string[]][] = [
      [
        'throws',
        () => {
          throw new Error('secret');
        },
        [],
      ],
      [
        'rejects',
        async () => {
          await delay(5);
          throw new Error('secret');
        },
        [],
      ],
      ['saves only some', () => ({ ...CHANGES, failure: { error: new Error('secret') } }), [COOKIE]],
      ['saves only some, later', async () => ({ ...CHANGES, failure: { error: new Error('secret') } }), [COOKIE]],
      ['gives a line that cannot be sent', () => setting('a=\n'), []],
      ['gives a promise of a line that cannot be sent', async () => setting('a=\n'), []],
    ];
    const answers: [string, Scenario['answer']][] = [
      [
        'end',
        (res) => {
          res.setHeader('Content-Type', 'text/html');
          res.end('secret');
        },
      ],
      [
        'writeHead, write, end',
        (res) => {
          res.writeHead(200, { 'Content-Length': 6, 'Content-Encoding': 'gzip' });
          res.write('secret');
          res.end();
        },
      ],
      ['pipe', (res) => Readable.from(pieces(BIG)).pipe(res)],
      ['pipeline', (res) => pipeline(Readable.from(pieces(BIG)), res)],
      [
        'write, end again and again',
        (res) => {
          res.write('a');
          res.end();
          res.end();
          res.flushHeaders();
        },
      ],
      ['304', (res) => res.writeHead(304, { ETag: '"1"' }).end()],
    ];
    const sendable = protocol === 'HTTP/2' ? failures.slice(0, 4) : failures; // HTTP/2 sends any line
    const cases = sendable.flatMap(([failure, commit, setCookies]) =>
      answers.map(([name, answer]) => ({ failure, commit, setCookies, name, answer })),
    );

    it.each(cases)('sends a bare 500: it $failure, the handler calls $name', async ({ commit, setCookies, answer }) => {
      const onError = vi.fn();
      let outcome: Promise<unknown> | undefined;
      const handler: Handler = (request, response) => {
        response.setHeader('X-Guard', 'stays');
        beforeHeaders(response, commit, onError);
        outcome = Promise.allSettled([answer(response, request)]);
      };
      const answered = await withServer(protocol, handler, (port) => ask(protocol, port));
      await outcome; // what feeds the response comes to an end
      expect([answered.status, answered.text]).toEqual([500, 'Internal Server Error']);
      const headers = new Map(answered.headers.map(([name, value]) => [name.toLowerCase(), value]));
      expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(headers.get('content-length')).toBe('21');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-guard')).toBe('stays');
      expect([...headers.keys()]).not.toEqual(expect.arrayContaining(['content-encoding']));
      expect(headers.has('etag')).toBe(false);
      expect(answered.setCookies).toEqual(setCookies);
      expect(onError).toHaveBeenCalledOnce();
    });

    it('answers HEAD with 500', async () => {
      const answered = await serve(
        protocol,
        (res) => res.end('a'),
        async () => Promise.reject(new Error('x')),
        'HEAD',
        () => {},
      );
      expect([answered.status, answered.length]).toEqual([500, 0]);
    });

    it('keeps the cookie of the commit before it', async () => {
      const handler: Handler = (_request, response) => {
        beforeHeaders(response, slowly, fail);
        beforeHeaders(
          response,
          () => Promise.reject(new Error('x')),
          () => {},
        );
        response.end('a');
      };
      const { status, setCookies } = await withServer(protocol, handler, (port) => ask(protocol, port));
      expect([status, setCookies]).toEqual([500, [COOKIE]]);
    });

    it('tells the callbacks of what it drops', async () => {
      const told: unknown[] = [];
      const handler: Handler = (_request, response) => {
        beforeHeaders(
          response,
          () => Promise.reject(new Error('down')),
          () => {},
        );
        response.write('a', (error) => told.push(error?.message));
        response.write('b', 'utf8', (error) => told.push(error?.message));
      };
      await withServer(protocol, handler, (port) => ask(protocol, port));
      expect(told).toEqual(['down', 'down']);
    });
  });

  // HTTP/2 checks nothing that could fail so late.
  it.runIf(protocol === 'HTTP/1.1')('sends a 500 when a kept call cannot be carried out', async () => {
    const onError = vi.fn();
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, slowly, onError);
      response.writeHead(99_999);
      response.end('a');
    };
    const { status, setCookies } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect([status, setCookies]).toEqual([500, [COOKIE]]);
    expect(onError).toHaveBeenCalledOnce();
  });

  it.runIf(protocol === 'HTTP/1.1')('cuts an answer off that cannot be carried out to its end', async () => {
    const onError = vi.fn();
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, slowly, onError);
      response.write('a');
      Reflect.apply(response.write, response, ['b', 'no encoding']);
      response.end('c');
    };
    await expect(withServer(protocol, handler, (port) => ask(protocol, port))).rejects.toThrow();
    expect(onError.mock.calls).toMatchObject([[{ code: 'ERR_UNKNOWN_ENCODING' }, {}]]);
  });

  it('reads no more of a stream than it can keep while a commit waits', async () => {
    const piped = signal();
    const saved = signal();
    let count = 0;
    const source = new Readable({
      highWaterMark: 1024,
      read() {
        count += 1024;
        this.push(count > 1_000_000 ? null : Buffer.alloc(1024));
      },
    });
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, () => saved.promise.then(() => CHANGES), fail);
      source.pipe(response);
      source.once('pause', piped.resolve);
    };
    await withServer(protocol, handler, async (port) => {
      const answer = ask(protocol, port);
      await piped.promise;
      expect(count).toBeLessThan(100_000);
      saved.resolve();
      expect((await answer).length).toBeGreaterThan(990_000);
    });
  });

  it('throws ERR_SESSION_HEADERS_SENT when it is too late, also while a commit waits', async () => {
    const codes: unknown[] = [];
    const handler: Handler = (_request, response) => {
      beforeHeaders(response, slowly, fail);
      response.write('a');
      codes.push(
        codeOf(() => beforeHeaders(response, slowly, fail)),
        codeOf(() => applyToNodeResponse(response, CHANGES)),
      );
      response.end(() => {
        codes.push(
          codeOf(() => beforeHeaders(response, slowly, fail)),
          codeOf(() => applyToNodeResponse(response, CHANGES)),
        );
      });
    };
    await withServer(protocol, handler, (port) => ask(protocol, port));
    await expect.poll(() => codes).toEqual(Array(4).fill('ERR_SESSION_HEADERS_SENT'));
  });
});

describe('beforeHeaders()', () => {
  it('lets go of a visitor who left while a commit waited', async () => {
    const waits = signal();
    const closed = signal();
    const done = signal();
    const handler: Handler = (_request, response) => {
      response.on('close', closed.resolve);
      beforeHeaders(
        response,
        async () => {
          waits.resolve();
          await closed.promise;
          return CHANGES;
        },
        fail,
      );
      response.writeHead(200, { 'X-A': '1' });
      response.write('a', done.resolve);
      response.end('b');
    };
    await withServer('HTTP/1.1', handler, async (port) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await waits.promise;
      socket.destroy();
      expect(await done.promise).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
    });
  });

  it('lets go of a visitor who reset the stream while a commit waited', async () => {
    const waits = signal();
    const closed = signal();
    const done = signal();
    const handler: Handler = (_request, response) => {
      response.on('close', closed.resolve);
      beforeHeaders(
        response,
        async () => {
          waits.resolve();
          await closed.promise;
          return CHANGES;
        },
        fail,
      );
      response.writeHead(200, { 'X-A': '1' });
      response.write('a');
      response.end('b', () => done.resolve());
    };
    await withServer('HTTP/2', handler, async (port) => {
      const client = http2.connect(`http://127.0.0.1:${port}`);
      const stream = client.request({ ':path': '/' });
      stream.on('error', () => {});
      await waits.promise;
      stream.close(http2.constants.NGHTTP2_CANCEL);
      await done.promise;
      client.close();
    });
  });

  it('takes the response of node:http2 as its types describe it', async () => {
    const server = http2.createServer((_request, response) => {
      beforeHeaders(response, slowly, (_error, own) => own.createPushResponse({}, () => {}));
      response.end('a');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    const { setCookies } = await ask('HTTP/2', typeof address === 'object' ? (address?.port ?? 0) : 0);
    server.close();
    expect(setCookies).toEqual([COOKIE]);
  });

  it('keeps a connection in order: two requests in one packet', async () => {
    const handler: Handler = (request, response) => {
      beforeHeaders(response, request.url === '/1' ? slowly : () => CHANGES, fail);
      response.end(`<${request.url}>`);
    };
    await withServer('HTTP/1.1', handler, async (port) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const chunk of socket) text += chunk;
      expect(text.match(/<\/\d>|sid=new/g)).toEqual(['sid=new', '</1>', 'sid=new', '</2>']);
    });
  });
});

describe('applyToNodeResponse()', () => {
  it.each(PROTOCOLS)('changes the headers at once, on %s', async (protocol) => {
    const handler: Handler = (_request, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'sid=theirs']);
      response.setHeader('Vary', ['Accept', 'Origin']);
      applyToNodeResponse(response, CHANGES);
      applyToNodeResponse(response, CHANGES);
      response.end('a');
    };
    const { setCookies, headers } = await withServer(protocol, handler, (port) => ask(protocol, port));
    expect(setCookies).toEqual(['a=1', 'sid=theirs', COOKIE]);
    expect(headers.map(([name, value]) => [name.toLowerCase(), value])).toEqual(
      expect.arrayContaining([
        ['vary', 'Accept, Origin, Cookie'],
        ['cache-control', 'no-store'],
      ]),
    );
  });

  it('keeps what the response says of caching, and overrules what it says to CDNs alone', () => {
    const response = new http.ServerResponse(new http.IncomingMessage(new net.Socket()));
    response.setHeader('Cache-Control', 'private');
    response.setHeader('CDN-Cache-Control', 'public, max-age=600');
    response.setHeader('Vary', '*');
    applyToNodeResponse(response, CHANGES);
    expect(response.getHeaders()).toEqual({
      'cache-control': 'private',
      'cdn-cache-control': 'no-store',
      'set-cookie': [COOKIE],
      vary: '*',
    });
  });
});

async function serve(
  protocol: Protocol,
  answer: Scenario['answer'],
  commit: HeaderCommit | undefined,
  method = 'GET',
  onError: OnSaveError = fail,
): Promise<Answer> {
  const counted = vi.fn(commit);
  let outcome: unknown;
  const handler: Handler = (request, response) => {
    if (commit !== undefined) beforeHeaders(response, counted, onError);
    outcome = answer(response, request);
  };
  const answered = await withServer(protocol, handler, (port) => ask(protocol, port, { method }));
  await (outcome instanceof Promise ? outcome : undefined);
  expect(counted).toHaveBeenCalledTimes(commit === undefined ? 0 : 1);
  return answered;
}

/** The order of headers with different names says nothing. */
function sorted(answer: Answer): Answer {
  const headers = answer.headers.toSorted(([one], [other]) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
  return { ...answer, headers };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

async function writePieces(response: http.ServerResponse): Promise<void> {
  for (const piece of pieces(BIG)) if (!response.write(piece)) await once(response, 'drain');
  response.end();
}

async function writeOneByOne(response: http.ServerResponse): Promise<void> {
  for (const piece of [...pieces(BIG)].slice(0, 10)) {
    await new Promise<void>((resolve, reject) => response.write(piece, (error) => (error ? reject(error) : resolve())));
  }
  response.end();
}

async function sendEvents(response: http.ServerResponse): Promise<void> {
  response.setHeader('Content-Type', 'text/event-stream');
  response.flushHeaders();
  for (let at = 0; at < 5; at++) {
    response.write(`data: ${at}\n\n`);
    await delay(5);
  }
  response.end();
}

function hasSentHeaders(response: object): boolean {
  if (response instanceof http2.Http2ServerResponse) return response.stream.headersSent;
  if (response instanceof http.ServerResponse && response.socket) return response.socket.bytesWritten > 0;
  throw new TypeError('expected a response that is open');
}

function codeOf(call: () => unknown): unknown {
  try {
    call();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
