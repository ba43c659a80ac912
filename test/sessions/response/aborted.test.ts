/** Visitors who leave before they get their answer: what the handler has changed is saved all the same, and once. */

import http from 'node:http';
import http2 from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it, vi } from 'vitest';
import { beforeHeaders, type HeaderCommit } from '../../../packages/sessions/src/response/node.ts';
import { ask, CHANGES, type Handler, PROTOCOLS, type Protocol, signal, withServer } from './node-servers.ts';

const commits: { name: string; commit: HeaderCommit }[] = [
  { name: 'at once', commit: () => CHANGES },
  { name: 'later', commit: () => tick().then(() => CHANGES) },
];

const answers: { name: string; answer: (response: http.ServerResponse) => unknown }[] = [
  { name: 'pipe()', answer: (response) => Readable.from(['bye']).pipe(response) },
  { name: 'pipeline() of an iterable', answer: (response) => pipeline(['bye'], response).catch(() => {}) },
  { name: 'end()', answer: (response) => response.end('bye') },
];

describe.each(PROTOCOLS)('a visitor who has left, on %s', (protocol) => {
  describe.each(commits)('with a commit that is done $name', ({ commit }) => {
    it.each(answers)('does not stop the commit: $name', async ({ answer }) => {
      const ran = vi.fn(commit);
      const onError = vi.fn();
      await serve(protocol, (response, hasLeft) => {
        beforeHeaders(response, ran, onError);
        void hasLeft.then(() => answer(response));
      });
      await expect.poll(() => ran).toHaveBeenCalledOnce();
      await tick();
      expect([ran.mock.calls.length, onError.mock.calls.length]).toEqual([1, 0]);
    });

    it('does not stop the commit where the first piece of a stream has not come', async () => {
      const ran = vi.fn(commit);
      const onError = vi.fn();
      const source = new Readable({ read: () => {} });
      await serve(protocol, (response) => {
        beforeHeaders(response, ran, onError);
        pipeline(source, response).catch(() => {});
      });
      await expect.poll(() => ran).toHaveBeenCalledOnce();
      await tick();
      expect([ran.mock.calls.length, onError.mock.calls.length]).toEqual([1, 0]);
    });
  });

  it.each([
    { name: 'throws', leave: throwDown },
    { name: 'rejects', leave: () => tick().then(throwDown) },
    { name: 'succeeds', leave: () => {} },
  ])('has what cannot wait saved at once, and the rest when the handler answers: it $name', async ({ name, leave }) => {
    const steps: string[] = [];
    const error = vi.fn();
    const tryToLeave = () => {
      steps.push('leave');
      return leave();
    };
    await serve(protocol, (response, hasLeft) => {
      beforeHeaders(response, () => void steps.push('commit'), error, tryToLeave);
      void hasLeft.then(tick).then(() => {
        steps.push('answer');
        response.end('bye');
      });
    });
    await expect.poll(() => steps).toEqual(['leave', 'answer', 'commit']);
    expect(error.mock.calls.map(([reason]) => reason)).toEqual(name === 'succeeds' ? [] : [new Error('down')]);
  });

  it('leaves without a trace once it has got its answer', async () => {
    const leave = vi.fn();
    const closed = signal();
    const handler: Handler = (_request, response) => {
      beforeHeaders(
        response,
        () => CHANGES,
        () => {},
        leave,
      );
      response.on('close', closed.resolve);
      response.end('bye');
    };
    await withServer(protocol, handler, async (port) => {
      await ask(protocol, port);
      await closed.promise;
    });
    expect(leave).not.toHaveBeenCalled();
  });

  it('does not make the commit come before what the handler still changes', async () => {
    const steps: string[] = [];
    const done = signal();
    await serve(protocol, (response, hasLeft) => {
      beforeHeaders(
        response,
        () => void steps.push('commit'),
        (error) => steps.push(String(error)),
      );
      void hasLeft.then(async () => {
        await tick();
        steps.push('change');
        Readable.from(['bye']).pipe(response);
        done.resolve();
      });
    });
    await done.promise;
    await expect.poll(() => steps).toEqual(['change', 'commit']);
  });

  it.each([
    { name: 'throws', commit: throwDown },
    { name: 'rejects', commit: () => tick().then(throwDown) },
  ])('does not hide that a commit $name', async ({ commit }) => {
    const onError = vi.fn();
    await serve(protocol, (response, hasLeft) => {
      beforeHeaders(response, commit, onError);
      void hasLeft.then(() => Readable.from(['bye']).pipe(response));
    });
    await expect.poll(() => onError.mock.calls).toMatchObject([[new Error('down'), {}]]);
  });
});

/** Runs a handler for a visitor who leaves as soon as the request has come, and waits until the connection is closed. */
async function serve(
  protocol: Protocol,
  handle: (response: http.ServerResponse, hasLeft: Promise<unknown>) => void,
): Promise<void> {
  const here = signal();
  const left = signal();
  const handler: Handler = (_request, response) => {
    response.on('close', left.resolve);
    handle(response, left.promise);
    here.resolve();
  };
  await withServer(protocol, handler, async (port) => {
    if (protocol === 'HTTP/1.1') {
      const request = http.get({ port, host: '127.0.0.1', agent: false });
      request.on('error', () => {});
      await here.promise;
      request.destroy();
    } else {
      const client = http2.connect(`http://127.0.0.1:${port}`);
      const stream = client.request({ ':path': '/' });
      stream.on('error', () => {});
      await here.promise;
      stream.close(http2.constants.NGHTTP2_CANCEL, () => client.close());
    }
    await left.promise;
    await tick();
  });
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function throwDown(): never {
  throw new Error('down');
}
