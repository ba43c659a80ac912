import { nextStory } from './next-story.ts';

nextStory({ folder: 'next' });
