/** The same app in four runtimes. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { at } from '../../support/repository.ts';
import { type Framework, serve } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { BUN, bundleWorkers, DENO, inRuntime, workerd } from '../support/runtimes.ts';
import { socket } from '../support/socket.ts';
import { story } from '../support/story.ts';
import { Visitor } from '../support/visitor.ts';

describe('in Node.js,', () => {
  const framework: Framework = { folder: 'hono', start: ['node', 'node.ts'] };
  story(framework);
  failingSave(framework);
  socket(framework);
});

inRuntime('Deno', () => {
  const framework: Framework = { folder: 'hono', isMade: true, start: [...DENO, 'deno.js'] };
  story(framework);
  socket(framework);
});

inRuntime('Bun', () => {
  const framework: Framework = { folder: 'hono', isMade: true, start: [...BUN, 'bun.ts'] };
  story(framework);
  socket(framework);
});

inRuntime('workerd', () => {
  const framework: Framework = {
    folder: 'hono',
    isWithoutSqlite: true,
    build: bundleWorkers('worker.ts', 'plain-worker.js'),
    start: workerd(),
  };

  // Static files of a Worker are served before it is asked.
  story(framework, { staticFile: undefined });
  socket(framework);

  it('without nodejs_compat the context and its request have the session, and no other request has', async () => {
    const served = await serve(
      at('test/frameworks/hono/.app'),
      { ...framework, start: workerd('plain-worker.capnp') },
      'cookie',
    );
    onTestFinished(served.stop);
    const ada = new Visitor(served.url);
    const open = async (path: string) => await (await ada.send(path)).text();
    expect([await open('/context'), await open('/request'), await open('/context')]).toEqual(['1', '2', '3']);
    expect([await open('/clone'), await open('/context')]).toEqual(['4', '4']);
    expect(await open('/nothing')).toMatch(/"request" of session "login" expected a request, got undefined/);
  });
});
