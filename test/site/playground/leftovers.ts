/** What one thing leaves for the next: names, keys, clocks and values that came in earlier. */
import { createSealer, generateKey } from '@sealring/codec';
import { expect, it } from 'vitest';
import { splitOver } from '../../inspect/support.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

export function leftoverTests(site: Site): void {
  it('the name of an example or a link gives way to the one in the next line', async () => {
    const key = generateKey();
    const line = `Cookie: login=${createSealer({ keys: [key], purpose: 'sealring:cookie:login', reserved: true }).seal(7)}`;
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(1);
    const { page, view } = await openPlayground(site, `#token=${token}&name=demo&key=demo-1`);
    await view.fill({ key, cookie: line });
    expect([await view.verdict.textContent(), await view.name.inputValue()]).toEqual(['It opens.', 'login']);
    await view.example('A session that opens');
    expect(await view.verdict.textContent()).toBe('It opens.'); // the demo key is added beside one's own
    await view.fill({ cookie: line });
    expect([await view.verdict.textContent(), await view.name.inputValue()]).toEqual(['It opens.', 'login']);
    await page.context().close();
  });

  it('a name that was typed stays, and one that was found can be taken out', async () => {
    const { page, view } = await openPlayground(site);
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(1);
    await view.fill({ key: KEY, cookie: `demo=${token}` });
    await view.name.fill('');
    expect(await view.name.inputValue()).toBe('');
    await view.name.pressSequentially('basket');
    expect(await view.name.inputValue()).toBe('basket');
    expect(await view.failed()).toBe('name ERR_SEAL_TAMPERED');
    await view.fill({ cookie: `other=${token}` });
    expect(await view.name.inputValue()).toBe('basket');
    await page.context().close();
  });

  it('what cannot be a dictionary, a clock or a name is said or left out, and the view goes on', async () => {
    const { page, view, complaints } = await openPlayground(site);
    const cookie = `demo=${createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal('goes on')}`;
    await view.fill({ key: KEY, dictionary: 'user\n__proto__', cookie });
    expect(await view.root.locator('[data-dictionary-message]').textContent()).toContain('__proto__');
    await view.fill({ dictionary: '', maxAge: '10000000000000' });
    await view.unfold('Clock');
    await view.button('Last good second').click();
    await view.fill({ clock: '275760-09-13T00:00:00' });
    await view.button('+1 day').click();
    await view.fill({ context: '\ud83c' });
    expect(await view.failed()).toBe('name ERR_SEAL_TAMPERED');
    await view.fill({ context: '', clock: '', maxAge: '' });
    expect(await view.json()).toBe('"goes on"');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('a bit that is turned over leaves the choice of cookies and the size of all of them as they are', async () => {
    const { page, view } = await openPlayground(site);
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(
      'x'.repeat(5000),
      { context: 'chunks:2' },
    );
    await view.fill({ key: KEY, cookie: `a=1; ${splitOver('demo', token, 2)}` });
    expect(await view.verdict.textContent()).toBe('It opens.');
    await view.unfold('Tamper with it');
    await view.root.locator('[data-flip-segments] [data-part="tag"]').click();
    expect(await view.failed()).toBe('integrity ERR_SEAL_TAMPERED');
    expect(await view.root.locator('[data-chunks]').textContent()).toBe(
      'Split over 2 cookies of at most 4,096 bytes each.',
    );
    expect(await view.root.getByLabel('Which cookie').inputValue()).toBe('1');
    await page.context().close();
  });

  it('offers the chosen cookie, however many stand before it', async () => {
    const { page, view } = await openPlayground(site);
    const others = Array.from({ length: 250 }, (_, at) => `c${at}=1`).join('; ');
    const token = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true }).seal(1);
    await view.fill({ key: KEY, cookie: `${others}; demo=${token}` });
    expect(await view.root.getByLabel('Which cookie').evaluate((select) => Reflect.get(select, 'selectedIndex'))).toBe(
      200,
    );
    expect(await view.verdict.textContent()).toBe('It opens.');
    await page.context().close();
  });
}
