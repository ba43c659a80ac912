import { story } from '../support/story.ts';
import { propertyStory } from './property-story.ts';

story({ folder: 'express', start: ['node', 'story.ts'] });
propertyStory({ folder: 'express', start: ['node', 'property.js'] });
