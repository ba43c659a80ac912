import { story } from '../support/story.ts';

story({ folder: 'express', start: ['node', 'story.ts'] });
