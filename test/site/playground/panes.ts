/** The panes of the payload: what the pointer and the keys do to them, and what they leave alone. */
import { createSealer } from '@sealring/codec';
import type { Locator } from 'playwright';
import { describe, expect, it } from 'vitest';
import { expectLeftToBrowser } from '../support/browser-keys.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const sealer = createSealer({
  keys: [KEY],
  purpose: 'sealring:cookie:demo',
  reserved: true,
  limits: { bytes: 65_536, items: 65_536 },
});
const LIST = Array.from({ length: 450 }, (_, at) => `item ${at}`);

export function paneTests(site: Site): void {
  async function open(value: unknown, isAnnotated = false) {
    const opened = await openPlayground(site);
    const { page, view } = opened;
    await view.fill({ cookie: `demo=${sealer.seal(value)}`, key: KEY });
    await view.root.getByRole('tab', { name: 'Tree' }).click();
    if (isAnnotated) await view.root.getByRole('tab', { name: 'Annotated' }).click();
    const pane = view.root.locator(isAnnotated ? '[data-annotated]' : '[data-hex]');
    const rows = pane.locator(isAnnotated ? '.annotated-line' : '.hex-row');
    const place = async () => `${await rows.first().textContent()} at ${await pane.evaluate((each) => each.scrollTop)}`;
    const treeLine = (text: RegExp) => view.root.locator('[data-tree] .line').filter({ hasText: text }).first();
    return { ...opened, isAnnotated, pane, rows, place, treeLine, close: () => page.context().close() };
  }

  /** Points at the bytes in the middle of a pane until they are marked. The locator's own `hover()` may scroll, which is looked at here. */
  async function pointAt({ page, view, pane, isAnnotated }: Awaited<ReturnType<typeof open>>): Promise<void> {
    const marked = async () =>
      isAnnotated
        ? (await pane.locator('[data-hovered]').allTextContents()).join()
        : await view.highlighted('sealring-hovered');
    const before = await marked();
    const { x = 0, y = 0, height = 0 } = (await pane.boundingBox()) ?? {};
    await page.mouse.move(x + 80, y + height / 2);
    await expect.poll(marked).not.toBe(before);
  }

  /** Whether a row is whole in its pane. */
  const isInSight = (row: Locator) =>
    row.evaluate((element) => {
      const [outer, inner] = [element.parentElement?.getBoundingClientRect(), element.getBoundingClientRect()];
      return outer !== undefined && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    });

  describe('pointing at something', () => {
    it.each([
      ['hex', false],
      ['annotated', true],
    ])('leaves the page of the %s pane and what it shows of it', async (_name, isAnnotated) => {
      const opened = await open(LIST, isAnnotated);
      const { pane, place, treeLine, view, close } = opened;
      await treeLine(/^"item 0"/).click();
      await view.button('Later bytes').click();
      await pane.evaluate((each) => each.scrollTo(0, 200));
      const before = await place();
      await pointAt(opened);
      expect(await place()).toBe(before);
      await treeLine(/^"item 3"/).hover();
      await view.root.locator('[role=treeitem][data-hovered]', { hasText: '"item 3"' }).waitFor();
      expect(await place()).toBe(before);
      await treeLine(/^"item 3"/).click(); // choosing does turn the page
      expect(await place()).not.toBe(before);
      await close();
    });

    it('does not scroll back to the chosen item on the same page', async () => {
      const opened = await open(LIST);
      const { pane, place, treeLine, close } = opened;
      await treeLine(/^"item 0"/).click();
      await pane.evaluate((each) => each.scrollTo(0, each.scrollHeight));
      const before = await place();
      await pointAt(opened);
      expect(await place()).toBe(before);
      await close();
    });

    it('the chosen line is still marked when its page is turned back to', async () => {
      const { treeLine, view, rows, close } = await open(LIST, true);
      await treeLine(/^"item 0"/).click();
      await view.button('Later bytes').click();
      await view.button('Earlier bytes').click();
      expect(await rows.nth(1).getAttribute('aria-pressed')).toBe('true');
      await close();
    });
  });

  it('arrow keys reach every item of the tree, where 200 are made at a time', async () => {
    const { page, view, treeLine, close } = await open({ list: LIST, after: 1 });
    await treeLine(/^"list"/).click();
    await page.keyboard.press('ArrowRight');
    const chosen = view.root.locator('[data-tree] [aria-selected="true"]');
    for (let at = 49; at < LIST.length; at += 50) {
      await page.evaluate(pressDown, 50);
      expect(await chosen.locator('> .line').textContent()).toContain(`"item ${at}"`);
    }
    await page.keyboard.press('ArrowDown');
    expect(await chosen.locator('> .line').textContent()).toContain('"after"');
    await close();
  });

  it('more items that are asked for with the pointer have the focus', async () => {
    const { view, close } = await open(LIST);
    await view.button('250 more').click();
    await view.root
      .locator('[role=treeitem]:focus')
      .filter({ hasText: /^"item 200"/ })
      .waitFor();
    await close();
  });

  it('the cursor of the bytes stays in sight, within a long text and over the end of a page', async () => {
    const { page, view, pane, rows, close } = await open({ text: 'x'.repeat(3000) });
    const perRow = Number(await rows.nth(1).getAttribute('data-at'));
    const rowOf = (byte: number) => pane.locator(`[data-at="${byte - (byte % perRow)}"]`);
    await pane.focus();
    await page.keyboard.press('Home');
    let byte = 0;
    for (const key of [...Array(60).fill('ArrowDown'), ...Array(12).fill('PageDown'), ...Array(20).fill('ArrowUp')]) {
      await page.keyboard.press(key);
      byte += { ArrowDown: perRow, PageDown: 16 * perRow, ArrowUp: -perRow }[String(key)] ?? 0;
      expect(await isInSight(rowOf(byte)), `${key} to byte ${byte}`).toBe(true);
      expect(await view.highlighted('sealring-cursor')).not.toBe('');
      expect(await view.highlighted('sealring-selected')).not.toBe('');
    }
    expect(byte).toBeGreaterThan(0);
    await close();
  });

  it('the annotated lines are one stop of the Tab key; arrow keys go over all pages, Enter chooses', async () => {
    const { page, view, rows, close } = await open(LIST, true);
    const line = (text: string) => rows.filter({ hasText: text });
    const focused = view.root.locator('.annotated-line:focus');
    const stops = () => rows.evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length);
    expect(await stops()).toBe(1);
    await view.root.getByRole('tab', { name: 'Annotated' }).focus();
    await page.keyboard.press('Tab'); // Copy hex
    await page.keyboard.press('Tab');
    expect(await focused.textContent()).toContain('array(450)');
    for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowDown');
    expect(await focused.textContent()).toContain('"item 2"');
    await page.keyboard.press('Enter');
    expect(await view.item.textContent()).toContain('"item 2"');
    await page.keyboard.press('Tab');
    expect(await focused.count()).toBe(0);
    await page.keyboard.press('Shift+Tab');
    expect(await focused.textContent()).toContain('"item 2"');
    await page.keyboard.press('End');
    expect(await focused.textContent()).toContain('"item 449"');
    expect(await isInSight(focused)).toBe(true);
    for (let at = 449; at > 398; at--) await page.keyboard.press('ArrowUp');
    expect(await focused.textContent()).toContain('"item 398"'); // on the page before
    await page.keyboard.press('Home');
    expect(await focused.textContent()).toContain('array(450)');
    expect(await stops()).toBe(1);
    expect(await line('"item 2"').first().getAttribute('aria-pressed')).toBe('true'); // moving chooses nothing
    await close();
  });

  it('keys that are the browser’s with Alt, Ctrl or Meta are left to it', async () => {
    const { view, pane, close } = await open(LIST);
    await expectLeftToBrowser(view.page.locator('#tab-open'), ['ArrowLeft', 'ArrowRight', 'Home', 'End']);
    await view.page.locator('#tab-open').click();
    await expectLeftToBrowser(view.root.getByRole('treeitem').first(), ['ArrowLeft', 'Home', 'End', 'ArrowDown']);
    await expectLeftToBrowser(pane, ['ArrowLeft', 'Home', 'End', 'PageDown']);
    await view.root.getByRole('tab', { name: 'Annotated' }).click();
    await expectLeftToBrowser(view.root.locator('.annotated-line').first(), ['Home', 'End', 'ArrowDown']);
    await close();
  });
}

/** In the page: so many presses on whatever has the focus by then. From outside, each would take as long as a hundred of these. */
function pressDown(times: number): void {
  for (let press = 0; press < times; press++)
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
}
