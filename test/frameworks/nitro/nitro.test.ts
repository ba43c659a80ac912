import type { Framework } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { story } from '../support/story.ts';

const framework: Framework = {
  folder: 'nitro',
  sessions: 'server/sessions.ts',
  build: ['nitro', 'build'],
  check: ['tsc', '--noEmit'], // with skipLibCheck, as Nitro's own tsconfig has it
  start: ['node', '.output/server/index.mjs'],
};

// An error passes the middleware before Nitro makes a response of it.
story(framework, { savesBeforeThrow: false, without: ['bench'] }); // h3 has the benchmark
failingSave(framework);
