/** The policy of the playground at work: what a script that was put into the page would send away does not leave it. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { openPage } from '../support/chromium.ts';
import { startRecorder } from '../support/server.ts';
import type { Site } from '../support/site.ts';
import { WAYS, type Way } from './ways-out.ts';

export function policyTests(site: Site): void {
  it('lets a script that was put into the playground send nothing to another server', async () => {
    const recorder = await startRecorder();
    const addressOf = (name: string) => `${recorder.origin}/${encodeURIComponent(name)}`;
    const { page, complaints } = await site.open('/playground/');
    await page.waitForLoadState('networkidle');
    const unnoticed: string[] = [];
    for (const [name, way] of Object.entries(WAYS)) {
      const before = complaints.length;
      if (await isRefused(page, way, addressOf(name))) continue;
      await expect
        .poll(() => complaints.length)
        .toBeGreaterThan(before)
        .catch(() => unnoticed.push(name));
    }
    const browser = page.context().browser() ?? never();
    await page.context().close(); // what is sent when a page ends is sent now
    // What had been sent before this would be on record before it.
    const last = await openPage(browser);
    await last.page.goto(addressOf('the last'));
    await last.page.context().close();
    expect(recorder.paths.filter((path) => path !== '/favicon.ico')).toEqual(['/the%20last']);
    expect(unnoticed).toEqual([]);
    await recorder.close();
  });

  // Without this the test above would prove nothing.
  it('is what holds them back: from a page without a policy they all arrive', async () => {
    const recorder = await startRecorder();
    const other = await site.open('/404.html');
    const { page } = await openPage(other.page.context().browser() ?? never());
    await page.goto(recorder.origin);
    recorder.paths.length = 0;
    for (const [name, way] of Object.entries(WAYS)) {
      await isRefused(page, way, `${recorder.origin}/${encodeURIComponent(name)}`);
    }
    const names = Object.keys(WAYS).map((name) => `/${encodeURIComponent(name)}`);
    await expect.poll(() => names.filter((name) => !recorder.paths.includes(name))).toEqual([]);
    await page.context().close();
    await other.page.context().close();
    await recorder.close();
  });
}

/** Whether the page was told at once, by an error. */
function isRefused(page: Page, way: Way, address: string): Promise<boolean> {
  return page.evaluate(way, address).then(
    () => false,
    () => true,
  );
}

function never(): never {
  throw new Error('A page without a browser');
}
