/** Story: from the example's page to what its cookie holds, by the link on that page and a key that was copied by hand. */
import { expect, it } from 'vitest';
import { startExample } from './support/example.ts';
import type { Site } from './support/site.ts';

export function exampleTests(site: Site): void {
  it('opens a cookie of the example by its link and its key, which is in no address', async () => {
    const example = await startExample(new URL(site.origin).port);
    const { page, complaints, requests } = await site.open('/playground/');
    await page.goto(example.origin);
    await page.getByLabel('Your name').fill('Zuleika');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const key = (await page.getByText(/^sealring_/).textContent()) ?? '';
    await page.getByRole('link', { name: 'Open login in the playground' }).click();
    await page.waitForURL(`${site.origin}/playground/#view=open&*`);
    await page.waitForLoadState('networkidle');
    complaints.length = requests.length = 0;
    const field = page.getByLabel(/^key\b/i).filter({ visible: true });
    await field.first().fill(key);
    await page.getByText('It opens.').filter({ visible: true }).first().waitFor();
    await page.getByText('Zuleika').filter({ visible: true }).first().waitFor();
    expect(page.url()).not.toContain('sealring_');
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
    await example.stop();
  });
}
