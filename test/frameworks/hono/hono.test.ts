/** The same app in four runtimes. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { installEngines, programOf } from '../../runtimes/programs.ts';
import { at } from '../../support/repository.ts';
import { type Framework, serve } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { socket } from '../support/socket.ts';
import { story } from '../support/story.ts';
import { Visitor } from '../support/visitor.ts';

const missing = await installEngines();
if (missing !== undefined && process.env['CI']) throw new Error(missing);
if (missing !== undefined) console.warn(missing);

describe('in Node.js,', () => {
  const framework: Framework = { folder: 'hono', start: ['node', 'node.ts'] };
  story(framework);
  failingSave(framework);
  socket(framework);
});

describe.skipIf(missing !== undefined)('in Deno,', () => {
  const start = [programOf('deno'), 'run', '--allow-all', '--no-remote', '--no-lock', '--node-modules-dir=manual'];
  const framework: Framework = { folder: 'hono', start: [...start, 'deno.js'] };
  story(framework);
  socket(framework);
});

describe.skipIf(missing !== undefined)('in Bun,', () => {
  const framework: Framework = { folder: 'hono', start: [programOf('bun'), 'run', '--no-install', 'bun.ts'] };
  story(framework);
  socket(framework);
});

describe.skipIf(missing !== undefined)('in workerd,', () => {
  const bundle = ['esbuild', 'worker.ts', 'plain-worker.js', '--bundle', '--format=esm', '--outdir=built'];
  const start = (config: string) => [
    'sh',
    '-c',
    `exec ${programOf('workerd')} serve workerd.capnp ${config} --socket-addr=http=$HOST:$PORT`,
  ];
  const framework: Framework = {
    folder: 'hono',
    isWithoutSqlite: true,
    build: [...bundle, '--conditions=workerd,worker,browser', '--external:node:*', '--external:cloudflare:*'],
    start: start('config'),
  };

  // Static files of a Worker are served before it is asked.
  story(framework, { staticFile: undefined });
  socket(framework);

  it('without nodejs_compat the context and its request have the session, and no other request has', async () => {
    const served = await serve(
      at('test/frameworks/hono/.app'),
      { ...framework, start: start('plainConfig') },
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
