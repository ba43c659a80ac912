/** `examples/node-http` on a free port, as its reader starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { at, built } from '../../support/repository.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';

export interface Example {
  origin: string;
  /** What it has written to its log. */
  log(): string;
  stop(): Promise<void>;
}

/** @param sitePort of the site that its links lead to. */
export async function startExample(sitePort = '4321', key = KEY): Promise<Example> {
  for (const name of ['codec', 'sessions']) built(`packages/${name}/dist/index.js`); // the example uses them as their users get them
  const child = spawn(process.execPath, ['server.ts'], {
    cwd: at('examples/node-http'),
    env: { ...process.env, PORT: '0', SITE_PORT: sitePort, SESSION_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  for await (const text of child.stdout.setEncoding('utf8')) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (origin === undefined) continue;
    return {
      origin,
      log: () => log,
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`The example ended before it said where it listens:\n${log}`);
}
