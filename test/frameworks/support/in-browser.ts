/** The story in a real browser, with scripts: forms, links that the framework follows by itself, and what it fetches before it is asked. */
import type { Browser, BrowserContext } from 'playwright';
import { expect } from 'vitest';
import { findChromium, launch } from '../../site/support/chromium.ts';

let browser: Promise<Browser> | undefined;

/** The machine's Chromium, started once. @throws {Error} if there is none. */
export async function openBrowser(): Promise<Browser> {
  const path = findChromium();
  if (path === undefined) throw new Error('No Chromium found');
  return await (browser ??= launch(path));
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** @param url where the example is served. Its pages link to each other: “About” and “Home”. */
export async function storyInBrowser(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  const alert = page.locator('css:light=[role=alert]'); // Next has one of its own, in a shadow tree
  const count = page.locator('output');
  const logIn = async (password: string) => {
    await page.getByLabel('User').fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  };

  await page.goto(url, { waitUntil: 'networkidle' }); // until then the framework may not have taken the forms over
  await logIn('wrong');
  await seen(() => alert.allTextContents(), ['Wrong password.']);
  await page.reload({ waitUntil: 'networkidle' });
  await seen(() => alert.count(), 0);

  await logIn('sesame');
  await seen(() => alert.allTextContents(), ['Welcome back.']);
  await page.getByText('Hello ada').waitFor();

  // Links: the page is there without a load, and the message is not.
  await page.getByRole('link', { name: 'About' }).hover();
  await page.getByRole('link', { name: 'About' }).click();
  await page.waitForURL('**/about');
  await page.getByRole('link', { name: 'Home' }).hover();
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByText('Hello ada').waitFor();

  await page.getByRole('button', { name: 'Count' }).click();
  await seen(() => count.textContent(), '1');
  await page.getByRole('button', { name: 'Count' }).click();
  await seen(() => count.textContent(), '2');
  await page.reload({ waitUntil: 'networkidle' });
  await seen(() => alert.count(), 0);
  await seen(() => count.textContent(), '2');

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
}

function seen(look: () => Promise<unknown>, expected: unknown): Promise<void> {
  return expect.poll(look).toEqual(expected);
}
