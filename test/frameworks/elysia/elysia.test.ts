import { describe } from 'vitest';
import { installEngines, programOf } from '../../runtimes/programs.ts';
import { story } from '../support/story.ts';

const missing = await installEngines();
if (missing !== undefined && process.env['CI']) throw new Error(missing);
if (missing !== undefined) console.warn(missing);

describe.skipIf(missing !== undefined)('in Bun,', () => {
  story({
    folder: 'elysia',
    check: ['tsc', '--noEmit', '--skipLibCheck'], // Elysia's own declarations have errors
    start: [programOf('bun'), 'run', '--no-install', 'story.ts'],
  });
});
