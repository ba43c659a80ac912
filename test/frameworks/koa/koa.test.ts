import { story } from '../support/story.ts';

story({ folder: 'koa', start: ['node', 'story.ts'] });
