/** The same app in four runtimes. */
import { describe } from 'vitest';
import type { Framework } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { BUN, bundleWorkers, DENO, inRuntime, workerd } from '../support/runtimes.ts';
import { type Differences, story } from '../support/story.ts';

const h3: Omit<Framework, 'start'> = {
  folder: 'h3',
  check: ['tsc', '--noEmit', '--skipLibCheck'], // h3's own declarations want a package that is optional
};

// An error passes the middleware before h3 makes a response of it.
const differences: Differences = { savesBeforeThrow: false };

describe('in Node.js,', () => {
  const framework: Framework = { ...h3, start: ['node', 'server.ts'] };
  story(framework, differences);
  failingSave(framework);
});

inRuntime('Deno', () => {
  const framework: Framework = { ...h3, isMade: true, start: [...DENO, 'server.ts'] };
  story(framework, differences);
  failingSave(framework);
});

inRuntime('Bun', () => {
  const framework: Framework = { ...h3, isMade: true, start: [...BUN, 'server.ts'] };
  story(framework, differences);
  failingSave(framework);
});

inRuntime('workerd', () => {
  const framework: Framework = {
    ...h3,
    isWithoutSqlite: true,
    build: bundleWorkers('worker.ts'),
    start: workerd(),
  };
  // Static files of a Worker are served before it is asked.
  story(framework, { ...differences, staticFile: undefined });
  failingSave(framework);
});
