import { story } from '../support/story.ts';

story(
  {
    folder: 'nitro',
    sessions: 'server/sessions.ts',
    build: ['nitro', 'build'],
    check: ['tsc', '--noEmit'], // Nitro's own tsconfig says skipLibCheck
    start: ['node', '.output/server/index.mjs'],
  },
  // An error passes the middleware before Nitro makes a response of it.
  { savesBeforeThrow: false },
);
