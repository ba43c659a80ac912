import { generateKey } from '@sealring/codec';
import { it } from 'vitest';
import { appOf, run } from '../support/app.ts';
import { story } from '../support/story.ts';
import { propertyStory } from './property-story.ts';

const express = { folder: 'express', start: ['node', 'story.ts'] };

story(express);
propertyStory({ ...express, start: ['node', 'property.js'] });

it('express: an application is tested with supertest', async () => {
  await run(appOf(express), ['node', '--test', 'supertest.ts'], { SESSION_KEY: generateKey() });
});
