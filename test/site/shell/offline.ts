/** Without a network: the playground's second visit, and its copy in one file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSealer } from '@sealring/codec';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { ADDRESS, readBuilt } from '../support/built-pages.ts';
import type { Site } from '../support/site.ts';

const secret = Uint8Array.from({ length: 32 }, (_, at) => at); // the playground's key demo-1
const sealer = createSealer({ keys: [secret], purpose: 'sealring:cookie:session', reserved: true });

/** A link as the docs have it; the page opens what is in it by itself. */
const fragment = () =>
  `#${new URLSearchParams({ view: 'open', token: sealer.seal({ greeting: 'still here' }), name: 'session', purpose: 'sealring:cookie:session', key: 'demo-1' })}`;

export function offlineTests(site: Site): void {
  it('the second visit to the playground needs no network', async () => {
    const { page, complaints } = await site.open('/playground/');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const missed: string[] = [];
    page.on('requestfailed', (request) => missed.push(new URL(request.url()).pathname));
    await page.context().setOffline(true);
    await page.goto(`${site.origin}/playground/${fragment()}`);
    await opens(page);
    await page.goto(`${site.origin}/`);
    await page.getByRole('button', { name: 'Change one character' }).click();
    await page.getByText('ERR_SEAL_TAMPERED').waitFor();
    // Chromium asks for the icon past the worker.
    expect(missed.filter((path) => !path.startsWith('/favicon.'))).toEqual([]);
    expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    await page.context().close();
  });

  it('what is kept is the list in the worker, no more and no less, and no other request is answered', async () => {
    const { page } = await site.open('/playground/');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const kept = await page.evaluate(async () => {
      const [name = ''] = await caches.keys();
      return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    });
    const [, list = ''] = /^const files = (\[.*\]);$/m.exec(readBuilt(site, 'sw.js')) ?? [];
    expect(kept.sort()).toEqual(JSON.parse(list).sort());
    expect(kept).not.toContain('/search-index.js');
    await page.context().setOffline(true);
    await expect(page.goto(`${site.origin}/tutorials/codec/`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
    await page.context().close();
  });

  it('no page but the playground registers the worker', async () => {
    const { page } = await site.open('/404.html');
    for (const path of ['/', '/tutorials/codec/', '/404.html']) {
      await page.goto(site.origin + path, { waitUntil: 'networkidle' });
      const workers = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
      expect(workers, path).toBe(0);
    }
    await page.context().close();
  });

  it('the one file opens a seal from a disk, and asks for nothing', async () => {
    const file = join(site.folder, 'sealring-playground.html');
    const html = readFileSync(file, 'utf8');
    expect(html).not.toMatch(/<(?:script|link|img)\b[^>]*\s(?:src|href)="(?!data:)/);
    expect(html).toMatch(
      /content="default-src 'none'; script-src 'sha256-[^"]*; connect-src 'none'; worker-src 'none'/,
    );
    const { page, complaints, requests } = await site.open('/404.html');
    await page.waitForLoadState('networkidle');
    requests.length = 0;
    await page.goto(pathToFileURL(file).href + fragment());
    await opens(page);
    for (const tab of ['Seal', 'Rotate', 'Header']) await page.getByRole('tab', { name: tab, exact: true }).click();
    await page
      .getByLabel('Cookies of a request or response')
      .fill(`Cookie: session=${sealer.seal({ greeting: 'from the header' })}x`);
    await page.getByRole('button', { name: /^Open/ }).first().click();
    const code = page.locator('[data-checks] a.code');
    expect(await code.getAttribute('href')).toMatch(new RegExp(`^${ADDRESS}/reference/errors/#err_seal_`)); // nor the disk's
    await page.getByText('Share link', { exact: true }).click();
    await expect
      .poll(() => page.locator('[data-share-link]').inputValue())
      .toContain(`${ADDRESS}/playground/#view=open`);
    expect(complaints).toEqual([]);
    const asked = requests.filter((url) => !url.startsWith('data:')).map((url) => url.replace(/#.*/, ''));
    expect(asked).toEqual([pathToFileURL(file).href]);
    await page.context().close();
  });

  it('the one file works from a server too', async () => {
    const { page, complaints } = await site.open(`/sealring-playground.html${fragment()}`);
    await opens(page);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
}

async function opens(page: Page): Promise<void> {
  await page.getByText('still here').first().waitFor();
}
