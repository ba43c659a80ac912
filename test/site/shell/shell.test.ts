/** What all pages share, and what is built beside them. */
import { afterAll, beforeAll, describe } from 'vitest';
import { Site } from '../support/site.ts';
import { builtFileTests } from './built-files.ts';
import { docsTests } from './docs.ts';
import { landingTests } from './landing.ts';
import { offlineTests } from './offline.ts';
import { searchTests } from './search.ts';
import { searchFaultTests } from './search-faults.ts';
import { themeTests } from './theme.ts';

const site = new Site();
beforeAll(() => site.start(), 240_000);
afterAll(() => site.stop(), 30_000);

describe('beside the pages', () => builtFileTests(site));

describe.skipIf(!site.hasBrowser)('in a browser', { timeout: 60_000 }, () => {
  describe('theme', () => themeTests(site));
  describe('search', () => searchTests(site));
  describe('search, faults', () => searchFaultTests(site));
  describe('landing page', () => landingTests(site));
  describe('docs', () => docsTests(site));
  describe('without a network', () => offlineTests(site));
});
