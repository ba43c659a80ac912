/** What the site promises its visitors, in Chromium: for whoever does not see it or points with a finger, and that it talks to nobody. */
import { afterAll, beforeAll, describe } from 'vitest';
import { Site } from '../support/site.ts';
import { accessibilityTests } from './accessibility.ts';
import { budgetTests } from './budgets.ts';
import { everyPageTests } from './every-page.ts';
import { policyTests } from './policy.ts';
import { preferenceTests } from './preferences.ts';

const site = new Site();
beforeAll(() => site.start(), 240_000);
afterAll(() => site.stop(), 30_000);

describe('budgets', () => budgetTests(site));

describe.skipIf(!site.hasBrowser)('in a browser', { timeout: 60_000 }, () => {
  describe('every page', () => everyPageTests(site));
  describe('accessibility', () => accessibilityTests(site));
  describe('preferences', () => preferenceTests(site));
  describe('policy', () => policyTests(site));
});
