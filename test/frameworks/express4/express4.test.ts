import { propertyStory } from '../express/property-story.ts';
import { story } from '../support/story.ts';

story({ folder: 'express4', base: 'express', start: ['node', 'story.ts'] });
propertyStory({ folder: 'express4', start: ['node', 'property.js'] });
