import type { Framework } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { story } from '../support/story.ts';

const framework: Framework = {
  folder: 'h3',
  check: ['tsc', '--noEmit', '--skipLibCheck'], // h3's own declarations want a package that is optional
  start: ['node', 'story.ts'],
};

// An error passes the middleware before h3 makes a response of it.
story(framework, { savesBeforeThrow: false });
failingSave(framework);
