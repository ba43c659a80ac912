import { story } from '../support/story.ts';

story({
  folder: 'sveltekit',
  sessions: 'src/lib/server/sessions.ts',
  build: ['vite', 'build'],
  check: ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
  start: ['node', 'serve.ts'],
  inBrowser: true,
});
