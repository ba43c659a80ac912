import { chapters } from '../react-router/chapters.ts';
import { story } from '../support/story.ts';

story(
  {
    folder: 'react-router7',
    base: 'react-router',
    sessions: 'app/sessions.ts',
    build: ['react-router', 'build'],
    check: ['sh', '-c', 'react-router typegen && tsc --skipLibCheck false'],
    start: ['react-router-serve', 'build/server/index.js'],
    inBrowser: true,
  },
  {},
  chapters,
);
