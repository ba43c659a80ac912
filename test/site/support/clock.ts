/** A page goes in; its timers then stand still until the test lets time pass, so that no speed of the machine matters. */
import type { Page } from 'playwright';

const HOUR = 3_600_000; // milliseconds

/** Stops the timers that the page sets from now on: `page.clock.runFor(milliseconds)` lets time pass. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + HOUR); // has to lie ahead when the call arrives, also on a slow machine
}
