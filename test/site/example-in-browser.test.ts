/** The example in Chromium: by keyboard alone, on a small screen, in both colour schemes, and for whoever does not see it. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch, openPage, sidewaysScroll } from './support/chromium.ts';
import { lowContrast } from './support/contrast.ts';
import { type Example, startExample } from './support/example.ts';

const chromium = findChromium();

describe.skipIf(chromium === undefined)('examples/node-http in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let example: Example;
  beforeAll(async () => {
    browser = await launch(chromium ?? '');
    example = await startExample();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await example?.stop();
  });

  it('signs in, shops and signs out by keyboard alone, without a complaint of the page’s policy', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(example.origin);
    await tabTo(page, 'Your name');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Signed in as Ada' }).waitFor();
    await tabTo(page, 'Add Pear');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Pear is in your cart.').waitFor();
    await tabTo(page, 'Order');
    await page.keyboard.press('Enter');
    await page.getByText('Your last order: €0.85').waitFor();
    await tabTo(page, 'Sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('does nothing twice on reload', async () => {
    const { page } = await openPage(browser);
    await page.goto(example.origin);
    await page.getByRole('button', { name: 'Add Plum' }).click();
    await page.getByText('Plum is in your cart.').waitFor();
    await page.reload();
    expect(await page.getByRole('row', { name: 'Plum' }).getByRole('cell').nth(1).textContent()).toBe('1');
    expect(await page.getByText('Plum is in your cart.').count()).toBe(0);
    await page.context().close();
  });

  it('keeps its cookies out of reach of scripts', async () => {
    const { page } = await openPage(browser);
    await page.goto(example.origin);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Signed in as Ada' }).waitFor();
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect((await page.context().cookies()).map(({ name }) => name).sort()).toEqual(['cart', 'login']);
    await page.context().close();
  });

  it('refuses a form that another site has made up, and the login stays', async () => {
    const { page } = await openPage(browser);
    await page.goto(example.origin);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Signed in as Ada' }).waitFor();
    const form = `<form method="post" action="${example.origin}/sign-out"><button>Win a prize</button></form>`;
    await page.route('http://elsewhere.test/', (route) => route.fulfill({ contentType: 'text/html', body: form }));
    await page.goto('http://elsewhere.test/');
    const [response] = await Promise.all([
      page.waitForResponse(`${example.origin}/sign-out`),
      page.getByRole('button').click(),
    ]);
    expect(response.status()).toBe(403);
    expect(await response.request().headerValue('cookie')).toBeNull(); // SameSite=Lax, the first lock
    await page.goto(example.origin);
    await page.getByRole('heading', { name: 'Signed in as Ada' }).waitFor();
    await page.context().close();
  });

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
    { colorScheme, width: 360 },
    { colorScheme, width: 1280 },
  ]);
  it.each(looks)('can be read by everyone, $colorScheme, $width pixels wide', async ({ colorScheme, width }) => {
    const { page } = await openPage(browser, { colorScheme, viewport: { width, height: 800 } });
    await page.goto(example.origin);
    await expectReadable(page);
    await page.getByLabel('Your name').fill('Ada'.repeat(13));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Add Plum' }).click();
    await page.getByText('Plum is in your cart.').waitFor();
    await expectReadable(page);
    const [cookie] = await page.context().cookies();
    if (cookie) await page.context().addCookies([{ ...cookie, value: 'not a token' }]);
    await page.reload();
    await page.getByText('Rejected').waitFor();
    await expectReadable(page);
    await page.context().close();
  });
});

/** Presses Tab until the field or button of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const target = page.getByLabel(name, { exact: true }).or(page.getByRole('button', { name, exact: true }));
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach "${name}"`);
}

async function expectReadable(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await Reflect.get(globalThis, 'axe').run();
    return found.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
  });
  expect(violations).toEqual([]);
  expect(await lowContrast(page)).toEqual([]);
  expect(await sidewaysScroll(page)).toBe(0);
}
