/** Where the focus goes when the button that has it goes away; and that what a button did is said. */
import { createSealer, generateKey, typeRegistry } from '@sealring/codec';
import type { Locator, Page } from 'playwright';
import { expect, it } from 'vitest';
import { untilReady } from '../support/chromium.ts';
import { stopClock } from '../support/clock.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const ISSUED = 1_767_225_600;
const PURPOSE = 'sealring:cookie:session';
const sealer = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true });
const SESSION = sealer.seal([ISSUED, { user: 42 }, new Uint8Array(12)], { now: ISSUED });
const link = (token: string) =>
  `#${new URLSearchParams({ view: 'open', token, name: 'session', now: String(ISSUED), key: 'demo-1' })}`;

class Person {
  firstName = 'Ada';
}

export function focusTests(site: Site): void {
  const hasFocus = (element: Locator) => element.evaluate((each) => each === document.activeElement);
  const expectFocus = (element: Locator) => element.and(element.page().locator(':focus')).waitFor();

  async function press(page: Page, button: Locator): Promise<void> {
    await button.focus();
    await page.keyboard.press('Enter');
  }

  it.each([
    ['Edit and re-seal', '#view-open', 'seal', link(SESSION)],
    ['Open it', '#view-seal', 'open', '#view=seal&key=demo-1'],
    ['Open session', '#view-header', 'open', `#view=header&token=session=${SESSION}`],
  ])('“%s” leads to the tab of the view that comes', async (name, from, to, hash) => {
    const { page } = await openPlayground(site, hash);
    await press(page, page.locator(from).getByRole('button', { name, exact: true }));
    expect(await page.locator(`#view-${to}`).isVisible()).toBe(true);
    await expectFocus(page.locator(`#tab-${to}`));
    await page.context().close();
  });

  it('a link takes the focus nowhere while the page loads, and not out of a field on the way', async () => {
    const { page } = await openPlayground(site, '#view=header&token=a=b');
    await untilReady(page);
    expect(await hasFocus(page.locator('body'))).toBe(true);
    await page.locator('[data-header-text]').focus();
    await page.evaluate(() => {
      location.hash = '#view=header&token=c=d';
    });
    await page
      .getByRole('button', { name: 'Open c', exact: true })
      .or(page.getByText('c', { exact: true }))
      .waitFor();
    expect(await hasFocus(page.locator('[data-header-text]'))).toBe(true);
    await page.context().close();
  });

  it('after a key is removed the focus is on the one in its place, or on what adds one', async () => {
    const { page, view } = await openPlayground(site);
    const second = generateKey();
    await view.fill({ key: KEY });
    for (const key of [second, generateKey()]) {
      await view.button('Add').click();
      await page.keyboard.insertText(key);
    }
    await press(page, view.button('Remove key 1'));
    await expectFocus(view.key);
    expect(await view.key.inputValue()).toBe(second);
    await press(page, view.button('Remove key 2'));
    await expectFocus(view.button('Add'));
    await press(page, view.button('Remove key 1'));
    await expectFocus(view.key);
    expect(await view.key.inputValue()).toBe('');
    await page.context().close();
  });

  it('after a class is registered the focus is on the tab of what it has changed', async () => {
    const types = typeRegistry().register('Person', Person, { fields: ['firstName'] });
    const token = createSealer({ keys: [KEY], purpose: PURPOSE, reserved: true, types }).seal(new Person(), {
      now: ISSUED,
    });
    const { page, view } = await openPlayground(site, link(token));
    const tab = (name: string) => view.root.getByRole('tab', { name });
    await press(page, view.mark.getByRole('button', { name: 'Register Person with 1 field' }));
    expect(await view.verdict.textContent()).toBe('It opens.');
    await expectFocus(tab('Tree'));
    await view.fill({ classes: '' });
    await tab('Types').click();
    await press(page, view.root.locator('#payload-types').getByRole('button'));
    await expectFocus(tab('Types'));
    await page.context().close();
  });

  it('a key that is made for the Seal view has the focus, also where the keys were folded away', async () => {
    const { page } = await openPlayground(site, '#view=seal');
    const view = page.locator('#view-seal');
    await view.getByRole('heading', { name: 'Keys' }).click();
    await view.locator('[data-key]').waitFor({ state: 'hidden' });
    await press(page, view.getByRole('button', { name: 'Make a key' }));
    await expectFocus(view.getByLabel('Key 1', { exact: true }));
    await page.context().close();
  });

  it('a session that is made new leaves the focus at the field before', async () => {
    const { page, view } = await openPlayground(site, link(SESSION));
    await view.button('Edit and re-seal').click();
    const seal = page.locator('#view-seal');
    await seal.getByText('Flash messages, subject and lifetime').click();
    await press(page, seal.getByRole('button', { name: 'Make it a new session' }));
    await expectFocus(seal.getByLabel('Lifetime'));
    await page.context().close();
  });

  it('“Undo all” leads to what the bits were turned over with: the token, or the slider', async () => {
    const { page, view } = await openPlayground(site, link(SESSION));
    await view.token.locator('[data-part="tag"]').click();
    await press(page, view.button('Undo all'));
    await expectFocus(view.token);
    await view.unfold('Tamper with it');
    await view.button('Flip this one').click();
    await press(page, view.button('Undo all'));
    await expectFocus(view.root.getByLabel('Character', { exact: true }));
    await page.context().close();
  });

  it('a step that was the last leaves the focus on the way back', async () => {
    const list = Array.from({ length: 700 }, (_, at) => `item ${at}`);
    const long = createSealer({
      keys: [KEY],
      purpose: PURPOSE,
      reserved: true,
      limits: { bytes: 65_536, items: 65_536 },
    });
    const { page, view } = await openPlayground(site, link(long.seal(list, { now: ISSUED })));
    const later = view.button('Later bytes');
    while (await later.isEnabled()) await press(page, later);
    await expectFocus(view.button('Earlier bytes'));
    await page.getByRole('tab', { name: 'Rotate' }).click();
    const step = (name: string) => page.locator('#view-rotate').getByRole('button', { name });
    while (await step('Previous step').isEnabled()) await press(page, step('Previous step'));
    await expectFocus(step('Next step'));
    await page.context().close();
  });

  it('says that something was copied, each time, and that it was not allowed', async () => {
    const { page, view } = await openPlayground(site, link(SESSION), { permissions: ['clipboard-write'] });
    await stopClock(page); // what was said stays until it has been read
    const said = page.locator('[role=status][data-copied]');
    const copy = view.button('Copy key 1');
    for (let times = 0; times < 2; times++) {
      await copy.click();
      await said.filter({ hasText: /^Copied$/ }).waitFor({ state: 'attached' });
      await view.button('Copied key 1').waitFor(); // its name begins with what is seen on it
      await page.clock.runFor(2000);
      await said.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
      await copy.waitFor();
    }
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await view.button('Copy token').click();
    await said.filter({ hasText: 'The browser did not allow it' }).waitFor({ state: 'attached' });
    await page.context().close();
  });
}
