import { story } from '../support/story.ts';

story(
  {
    folder: 'h3',
    check: ['tsc', '--noEmit', '--skipLibCheck'], // h3's own declarations want a package that is optional
    start: ['node', 'story.ts'],
  },
  // An error passes the middleware before h3 makes a response of it.
  { savesBeforeThrow: false },
);
