/** The site as it is built and as a browser shows it. One file, so that there is one build, one server and one browser. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openTests } from './open-tab.ts';
import { browsedPageTests, builtPageTests } from './pages.ts';
import { sealTests } from './seal-tab.ts';
import { Site } from './support/site.ts';
import { visitorTests } from './visitor.ts';

const site = new Site();
beforeAll(() => site.start(), 240_000);
afterAll(() => site.stop(), 30_000);

describe('the built pages', () => builtPageTests(site));

describe.skipIf(!site.hasBrowser)('in a browser', { timeout: 60_000 }, () => {
  describe('every page', () => browsedPageTests(site));
  describe('playground, Seal tab', () => sealTests(site));
  describe('playground, Open tab', () => openTests(site));
  describe('playground, as its visitors use it', () => visitorTests(site));
});
