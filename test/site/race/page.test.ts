/** The page on races in a browser: every choice gives the stated result, by mouse and by keys, and nothing is asked for or complained about. */
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectLeftToBrowser } from '../support/browser-keys.ts';
import { sidewaysScroll } from '../support/chromium.ts';
import { stopClock } from '../support/clock.ts';
import { lowContrast } from '../support/contrast.ts';
import { Site } from '../support/site.ts';

const PATH = '/explanation/why-races-lose-data/';
const site = new Site();
beforeAll(() => site.start(), 240_000);
afterAll(() => site.stop(), 30_000);

/** The race as its visitors see it. */
class RacePage {
  readonly root: Locator;
  constructor(page: Page) {
    this.root = page.locator('lost-update-race');
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  async choose(label: string, option: string): Promise<void> {
    await this.root.getByLabel(label).selectOption({ label: option });
  }
  /** Waits until the race has come to this. */
  state(name: 'over' | 'playing' | 'paused'): Promise<void> {
    return this.root.and(this.root.page().locator(`[data-state=${name}]`)).waitFor();
  }
  rows(side: 'whole' | 'sealring'): Locator {
    return this.root.locator(`[data-side=${side}] [data-rows] > li`);
  }
  get status(): Locator {
    return this.root.getByRole('status');
  }
  async verdicts(): Promise<(string | null)[]> {
    const texts = await this.root.locator('[data-verdict]').allTextContents();
    return texts.map((text) => text.trim());
  }
}

async function openRace(options?: Parameters<Site['open']>[1]) {
  const watched = await site.open(PATH, options);
  const race = new RacePage(watched.page);
  await race.state('over'); // the script is there
  return { ...watched, race };
}

describe.skipIf(!site.hasBrowser)('/explanation/why-races-lose-data/', { timeout: 60_000 }, () => {
  it.each([
    ['Each sets another key', '✗ 3 of 4 updates lost', '✓ 0 of 4 updates lost'],
    ['All add to one counter', '✗ 3 of 4 updates lost', '✓ 0 of 4 updates lost'],
    ['A logs out, the others are slow', '✗ the logout is undone, ada is logged in again', '✓ the logout stays'],
    ['Each adds a flash message', '✗ 3 of 4 updates lost', '✓ 0 of 4 updates lost'],
  ])('ends as it says: %s', async (scenario, whole, sealring) => {
    const { page, race, complaints, requests } = await openRace();
    await page.waitForLoadState('networkidle');
    requests.length = 0;
    await race.choose('Requests', '4');
    await race.choose('What they do', scenario);
    await expect.poll(() => race.verdicts()).toEqual([whole, sealring]);
    expect(await race.status.textContent()).toBe(
      `Over. Whole records: ${whole.slice(2)}. Sealring: ${sealring.slice(2)}.`,
    );
    await race.choose('When', 'One after another');
    await expect.poll(async () => (await race.verdicts())[0]?.startsWith('✓')).toBe(true);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
  });

  it('takes one step for each press of the arrow key, and tells each', async () => {
    const { page, race } = await openRace();
    await race.button('Step').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => race.status.textContent()).toBe('Turn 1 of 6');
    expect(await race.rows('whole').allTextContents()).toEqual([expect.stringContaining('A reads { user: ada }')]);
    for (let turn = 2; turn <= 5; turn++) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => race.status.textContent()).toBe(`Turn ${turn} of 6`);
    }
    expect(await race.verdicts()).toEqual(['', '']);
    await page.keyboard.press('ArrowRight');
    await race.state('over');
    expect(await race.verdicts()).toEqual(['✗ 1 of 2 updates lost', '✓ 0 of 2 updates lost']);
    expect(await race.rows('whole').count()).toBe(6);
    expect(await race.rows('sealring').count()).toBe(8); // a conflict, and the newest record read
    await expectLeftToBrowser(race.button('Step'), ['ArrowRight']);
    await page.context().close();
  });

  it('plays, pauses where it is told to, and plays on to the end, with the keyboard alone', async () => {
    const { page, race } = await openRace();
    await stopClock(page);
    const shown = () => race.rows('whole').count();
    await race.root.getByLabel('Speed').selectOption('Fast');
    await race.button('Play').focus();
    await page.keyboard.press('Space');
    await expect.poll(shown).toBe(1);
    await page.clock.runFor(250);
    await expect.poll(shown).toBe(2);
    await page.keyboard.press('Space');
    await race.state('paused');
    await page.clock.runFor(5000); // a timer that was left over would fire
    expect(await shown()).toBe(2);
    await page.keyboard.press('Space');
    for (let turn = 3; turn <= 6; turn++) {
      await expect.poll(shown).toBe(turn);
      await page.clock.runFor(250);
    }
    await race.state('over');
    expect(await shown()).toBe(6);
    await page.context().close();
  });

  it('goes to the end at once where motion is not wanted, and animates nothing', async () => {
    const { page, race } = await openRace({ reducedMotion: 'reduce' });
    await stopClock(page);
    await race.button('Play').click();
    await expect.poll(() => race.status.textContent()).toMatch(/^Over\./);
    expect(await race.root.evaluate((root) => root.getAnimations({ subtree: true }).length)).toBe(0);
    await page.context().close();
  });

  it('is shuffled in the same way by everyone, and anew on request', async () => {
    const orders: string[][] = [];
    for (let visit = 0; visit < 2; visit++) {
      const { page, race } = await openRace();
      await race.choose('Requests', '6');
      await race.choose('When', 'Shuffled');
      await expect.poll(() => race.rows('whole').count()).toBe(18);
      const first = await race.rows('whole').allTextContents();
      await race.button('Another order').click();
      await expect.poll(() => race.rows('whole').allTextContents()).not.toEqual(first);
      orders.push(first);
      await page.context().close();
    }
    expect(orders[0]).toEqual(orders[1]);
  });

  it.each(['light', 'dark'] as const)('fits 360 pixels with six requests, and can be read: %s', async (colorScheme) => {
    const { page, race } = await openRace({ colorScheme, viewport: { width: 360, height: 640 } });
    await race.choose('Requests', '6');
    await race.choose('What they do', 'Each sets another key');
    await expect.poll(() => race.verdicts()).toEqual(['✗ 5 of 6 updates lost', '✓ 0 of 6 updates lost']);
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await lowContrast(page)).toEqual([]);
    const sizes = await race.root
      .locator('button, select')
      .evaluateAll((targets) =>
        targets.map((target) => Math.min(target.getBoundingClientRect().width, target.getBoundingClientRect().height)),
      );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
    await page.goto(`${site.origin}/comparison/`);
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await lowContrast(page)).toEqual([]);
    await page.context().close();
  });

  it('shows the finished race and no dead buttons where scripts are off', async () => {
    const { page } = await site.open(PATH, { javaScriptEnabled: false });
    const race = new RacePage(page);
    expect(await race.rows('whole').count()).toBe(6);
    expect(await race.verdicts()).toEqual(['✗ 1 of 2 updates lost', '✓ 0 of 2 updates lost']);
    expect(await race.button('Play').isVisible()).toBe(false);
    await page.context().close();
  });
});
