/** The site as it is built and as a browser shows it. One file, so that there is one build, one server and one browser. */
import { afterAll, beforeAll, describe } from 'vitest';
import { exampleTests } from './example-in-playground.ts';
import { builtPageTests } from './pages.ts';
import { bytesTests } from './playground/bytes.ts';
import { comingBackTests } from './playground/coming-back.ts';
import { copyingTests } from './playground/copying.ts';
import { focusTests } from './playground/focus.ts';
import { forgettingTests } from './playground/forgetting.ts';
import { hostileTests } from './playground/hostile.ts';
import { leftoverTests } from './playground/leftovers.ts';
import { openingTests } from './playground/opening.ts';
import { paneTests } from './playground/panes.ts';
import { privacyTests } from './playground/privacy.ts';
import { sharingTests } from './playground/sharing.ts';
import { tamperingTests } from './playground/tampering.ts';
import { vectorTests } from './playground/vectors.ts';
import { visitingTests } from './playground/visiting.ts';
import { jarTests } from './playground-tools/jar.ts';
import { listingTests } from './playground-tools/listing.ts';
import { pageProgramTests } from './playground-tools/page-programs.ts';
import { rotatingTests } from './playground-tools/rotating.ts';
import { sealingTests } from './playground-tools/sealing.ts';
import { Site } from './support/site.ts';

const site = new Site();
beforeAll(() => site.start(), 240_000);
afterAll(() => site.stop(), 30_000);

describe('the built pages', () => builtPageTests(site));

describe.skipIf(!site.hasBrowser)('in a browser', { timeout: 60_000 }, () => {
  describe('playground, Open view', () => openingTests(site));
  describe('playground, bytes', () => bytesTests(site));
  describe('playground, forgetting', () => forgettingTests(site));
  describe('playground, panes', () => paneTests(site));
  describe('playground, focus', () => focusTests(site));
  describe('playground, leftovers', () => leftoverTests(site));
  describe('playground, privacy', () => privacyTests(site));
  describe('playground, sharing', () => sharingTests(site));
  describe('playground, a token tampered with', () => tamperingTests(site));
  describe('playground, vectors', () => vectorTests(site));
  describe('playground, coming back', () => comingBackTests(site));
  describe('playground, copying', () => copyingTests(site));
  describe('playground, hostile input', () => hostileTests(site));
  describe('playground, visitors', () => visitingTests(site));
  describe('playground, from the example', () => exampleTests(site));
  describe('playground, Seal view', () => sealingTests(site));
  describe('playground, Rotate view', () => rotatingTests(site));
  describe('playground, Header view', () => listingTests(site));
  describe('playground, programs', () => pageProgramTests(site));
  describe('the size meter', () => jarTests(site));
});
