import { story } from '../support/story.ts';
import { chapters } from '../sveltekit/chapters.ts';

story(
  {
    folder: 'sveltekit2',
    base: 'sveltekit',
    sessions: 'src/lib/server/sessions.ts',
    build: ['sh', '-c', 'svelte-kit sync && vite build'],
    check: ['sh', '-c', 'svelte-check --fail-on-warnings && tsc -p tsconfig.types.json'],
    start: ['node', 'serve.ts'],
    inBrowser: true,
  },
  {},
  chapters,
);
