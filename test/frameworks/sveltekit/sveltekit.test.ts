import { story } from '../support/story.ts';
import { chapters } from './chapters.ts';

story(
  {
    folder: 'sveltekit',
    sessions: 'src/lib/server/sessions.ts',
    build: ['vite', 'build'],
    check: ['sh', '-c', 'svelte-check --fail-on-warnings && tsc -p tsconfig.types.json'],
    start: ['node', 'serve.ts'],
    inBrowser: true,
  },
  {},
  chapters,
);
