/** A page -> everything that outlives it or leaves it, as one text; a key -> how it would be spelled there. */
import type { Page } from 'playwright';
import { expect } from 'vitest';

/** Resolves when the browser has the pages that it keeps for use offline. */
export async function keepPages(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** Address, history, title, cookies, all kinds of storage, and what is kept for use offline, to the last byte; fails where a database is. */
export async function everywhere(page: Page): Promise<string> {
  const { databases, kept, texts } = await page.evaluate(async () => {
    const names = await caches.keys();
    const bodies = await Promise.all(
      names.map(async (name) => {
        const cache = await caches.open(name);
        const requests = await cache.keys();
        return Promise.all(
          requests.map(async (request) => {
            const response = await cache.match(request);
            return [request.url, JSON.stringify([...request.headers]), (await response?.text()) ?? ''].join('\n');
          }),
        );
      }),
    );
    return {
      databases: await indexedDB.databases(),
      kept: bodies.flat(),
      texts: [
        location.href,
        JSON.stringify(history.state),
        document.title,
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        document.cookie,
      ],
    };
  });
  expect(databases).toEqual([]);
  expect(kept.length).toBeGreaterThan(5); // or there would be nothing to search
  expect(kept.join('\n')).toContain('data-playground');
  const cookies = await page.context().cookies();
  return [...texts, ...kept, JSON.stringify(cookies)].join('\n');
}

/** A key as text, and its bytes in every usual spelling. */
export function formsOf(key: string): string[] {
  const bytes = Buffer.from(key.slice(9, 52), 'base64url');
  return [
    key,
    key.slice(9),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('latin1'),
  ];
}
