import { describe } from 'vitest';
import type { Framework } from '../support/app.ts';
import { BUN, inRuntime } from '../support/runtimes.ts';
import { story } from '../support/story.ts';
import { chapters } from './chapters.ts';

const framework: Framework = {
  folder: 'react-router',
  sessions: 'app/sessions.ts',
  build: ['react-router', 'build'],
  check: ['sh', '-c', 'react-router typegen && tsc --skipLibCheck false'],
  start: ['react-router-serve', 'build/server/index.js'],
};

describe('in Node.js,', () => {
  story({ ...framework, inBrowser: true }, {}, chapters);
});

inRuntime('Bun', () => {
  // The handler that React Router builds serves no files.
  story({ ...framework, isMade: true, start: [...BUN, 'bun.js'] }, { staticFile: undefined }, chapters);
});
