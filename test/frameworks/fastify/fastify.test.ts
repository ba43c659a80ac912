import { story } from '../support/story.ts';

story({ folder: 'fastify', start: ['node', 'story.ts'] });
