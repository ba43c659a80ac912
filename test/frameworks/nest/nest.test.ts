import { generateKey } from '@sealring/codec';
import { describe, it } from 'vitest';
import { appOf, run } from '../support/app.ts';
import { story } from '../support/story.ts';

const nest = {
  folder: 'nest',
  sessions: 'src/sessions.ts',
  build: ['tsc', '-p', 'tsconfig.build.json'],
  check: ['tsc', '-p', 'tsconfig.build.json', '--noEmit', '--skipLibCheck', 'false'],
};

story({ ...nest, start: ['node', 'dist/story.js'] });
describe('on Fastify', () => {
  story(
    { ...nest, isMade: true, start: ['node', 'dist/story-fastify.js'] },
    {
      staticFile: undefined, // that is a plugin of Fastify
      without: ['etag', 'bench'], // and that too; the benchmark is of Express
    },
  );
});

it.each(['supertest', 'property'])('nest: an application is tested with supertest: %s', async (name) => {
  await run(appOf({ ...nest, start: [] }), ['node', '--test', `dist/${name}.js`], { SESSION_KEY: generateKey() });
});
