import { nextStory } from '../next/next-story.ts';

// Its middleware runs in the edge runtime, which has no SQLite.
nextStory({ folder: 'next15', base: 'next', stores: ['cookie'] });
