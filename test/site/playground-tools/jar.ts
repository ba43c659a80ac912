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

  it('is a sentence of the documentation before its script has run', async () => {
    const { page } = await site.open('/how-to/under-4096-bytes/', { javaScriptEnabled: false });
    const meter = page.locator('size-meter');
    const sentence = meter.locator('[data-static]');
    expect(await sentence.isVisible()).toBe(true);
    expect((await sentence.textContent())?.replaceAll(/\s+/g, ' ').trim()).toBe(
      'A cookie called __Host-shop with a value of 4,085 bytes: Name and value are 4,096 of 4,096 bytes.',
    );
    for (const later of ['[data-fields]', '[data-meter]']) expect(await meter.locator(later).isVisible()).toBe(false);
    await page.context().close();
  });

  it('is a meter of the documentation that follows what is typed', async () => {
    const { page, complaints } = await site.open('/how-to/under-4096-bytes/');
    const meter = page.locator('size-meter');
    const text = meter.locator('[data-size-text]');
    await text.waitFor();
    expect(await meter.locator('[data-static]').isVisible()).toBe(false);
    expect(await text.textContent()).toBe('Name and value are 4,096 of 4,096 bytes.');
    const [name, length] = [meter.getByLabel('Cookie name'), meter.getByLabel('Value, bytes')];
    for (const [called, bytes, total, state] of [
      ['__Host-shop', 4086, '4,097', 'dropped'],
      ['größe🍪', 4085, '4,096', 'fits'], // as many bytes as the name before, in fewer characters
      ['größe🍪', 4086, '4,097', 'dropped'],
      ['n', 70_000, '70,001', 'dropped'],
      ['', 0, '0', 'fits'],
    ] as const) {
      await name.fill(called);
      await length.fill(String(bytes));
      const end = state === 'fits' ? '.' : ': browsers will drop this cookie.';
      expect(await text.textContent()).toContain(`Name and value are ${total} of 4,096 bytes${end}`);
      const bar = meter.getByRole('meter');
      expect(await bar.getAttribute('aria-valuetext')).toBe(await text.textContent());
      expect(await bar.getAttribute('data-state')).toBe(state);
    }
    await length.fill('12');
    await length.fill('');
    expect(await text.textContent()).toBe('Name and value are 0 of 4,096 bytes.');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
}
