import { story } from '../support/story.ts';
import { chapters } from './chapters.ts';

story(
  {
    folder: 'react-router',
    sessions: 'app/sessions.ts',
    build: ['react-router', 'build'],
    check: ['sh', '-c', 'react-router typegen && tsc --skipLibCheck false'],
    start: ['react-router-serve', 'build/server/index.js'],
    inBrowser: true,
  },
  {},
  chapters,
);
