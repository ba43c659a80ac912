/** `examples/node-http` on a free port, as its reader starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { at, built } from '../../support/repository.ts';

const KEY = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';

export interface Example {
  origin: string;
  /** Sends the signal; resolves to the exit code. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
}

/** @param sitePort of the site that its links lead to. */
export async function startExample(sitePort = '4321'): Promise<Example> {
  const { child, output } = run('0', sitePort);
  for await (const text of child.stdout.setEncoding('utf8')) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (origin === undefined) continue;
    return {
      origin,
      async stop(signal) {
        if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
        return child.exitCode;
      },
    };
  }
  throw new Error(`The example ended before it said where it listens:\n${output()}`);
}

/** For a start that is bound to fail: everything that it printed, and its exit code. */
export async function runExample(port: string, key = KEY): Promise<{ output: string; code: number | null }> {
  const { child, output } = run(port, '4321', key);
  await once(child, 'close');
  return { output: output(), code: child.exitCode };
}

function run(port: string, sitePort: string, key = KEY) {
  for (const name of ['codec', 'sessions']) built(`packages/${name}/dist/index.js`); // the example uses them as their users get them
  const child = spawn(process.execPath, ['server.ts'], {
    cwd: at('examples/node-http'),
    env: { ...process.env, PORT: port, SITE_PORT: sitePort, SESSION_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { child, output: () => output };
}
