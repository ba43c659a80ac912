/** The size meter against the browser's own cookie jar: what it calls dropped does not come back, everything else does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureCookie } from '../../../site/src/playground/size/size.ts';
import type { Site } from '../support/site.ts';

/** Sets one cookie; answers with the Cookie header that came. */
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [name, length, letter] = ['name', 'length', 'letter'].map((key) => searchParams.get(key) ?? '');
  if (name) {
    const line = `${name}=${(letter || 'x').repeat(Number(length))}; Path=/; HttpOnly; SameSite=Lax`;
    response.setHeader('Set-Cookie', Buffer.from(line).toString('latin1')); // headers are bytes: these are UTF-8
  }
  response.end(request.headers.cookie ?? '');
});

export function jarTests(site: Site): void {
  let origin = '';
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['n', 4095, 'x'],
    ['n', 4096, 'x'],
    ['a-name-of-some-length', 4096 - 21, 'x'],
    ['a-name-of-some-length', 4097 - 21, 'x'],
    ['n', 2047, 'é'],
    ['n', 2048, 'é'],
  ])('agrees on the name %s with %i times “%s”', async (name, length, letter) => {
    const { page } = await site.open('/playground/');
    await page.goto(`${origin}/?name=${name}&length=${length}&letter=${encodeURIComponent(letter)}`);
    await page.goto(`${origin}/`);
    const returned = (await page.locator('body').textContent()) ?? '';
    expect(returned.startsWith(`${name}=`)).toBe(!measureCookie(name, letter.repeat(length)).isDropped);
    await page.context().close();
  });
}
