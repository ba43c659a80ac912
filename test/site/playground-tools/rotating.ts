/** The Rotate view: what the codec says on each day, by slider, by buttons and by keyboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sidewaysScroll } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';
import { KEY, OTHER_KEY, openTool, smallTargets, type Tool } from './tools-page.ts';

const [A, B] = ['dbc0e2', 'a2b77f']; // ids of the demo keys

const says = async ({ root }: Tool, name: 'away' | 'daily') =>
  (await root.locator(`[data-visit=${name}] [data-says]`).textContent()) ?? '';
const day = ({ root }: Tool) => root.getByRole('slider', { name: 'Day' });

export function rotatingTests(site: Site): void {
  it('opens a cookie of A with A, then says stale and seals it again with B, then names the missing key', async () => {
    const tool = await openTool(site, 'Rotate');
    expect(await says(tool, 'away')).toBe(`Key A (${A}) opens it, stale: false.`);
    await day(tool).fill('14');
    const stale = `Key A (${A}) opens it, stale: true. The next save seals it again with key B (${B}).`;
    expect(await says(tool, 'away')).toBe(stale);
    expect(await tool.root.locator('[data-phase-code]').textContent()).toBe('keys: [keyB, keyA]');
    await day(tool).fill('27');
    expect(await says(tool, 'away')).toBe(stale);
    expect(await says(tool, 'daily')).toBe(`Key B (${B}) opens it, stale: false.`);
    await day(tool).fill('28');
    expect(await says(tool, 'away')).toContain(`key ${A} is missing (ERR_SEAL_KEY_UNKNOWN)`);
    expect(await says(tool, 'daily')).toBe(`Key B (${B}) opens it, stale: false.`);
    expect(tool.complaints).toEqual([]);
    expect(tool.requests).toEqual([]);
    await tool.close();
  });

  it('moves by arrow keys and by steps', async () => {
    const tool = await openTool(site, 'Rotate');
    await day(tool).focus();
    await tool.page.keyboard.press('ArrowRight');
    expect(await day(tool).getAttribute('aria-valuetext')).toBe('Day 14: Key B first');
    await tool.page.keyboard.press('Home');
    expect(await says(tool, 'away')).toBe('There is no cookie yet.');
    expect(await tool.button('Previous step').isDisabled()).toBe(true);
    const codes: (string | null)[] = [];
    while (await tool.button('Next step').isEnabled()) {
      await tool.button('Next step').click();
      codes.push(await tool.root.locator('[data-phase-code]').textContent());
    }
    const added = 'keys: [keyA, keyB]';
    expect(codes).toEqual([added, added, 'keys: [keyB, keyA]', 'keys: [keyB]', 'keys: [keyB]']);
    await tool.button('Previous step').click();
    expect(await day(tool).inputValue()).toBe('28');
    await tool.close();
  });

  it('takes the keys of the page: the first is B, which replaces the second', async () => {
    const tool = await openTool(site, 'Rotate');
    const { root } = tool;
    expect(await root.locator('[data-which-keys]').textContent()).toContain('demo keys');
    await root.getByText('Use your own keys').click();
    await tool.useKey(OTHER_KEY);
    expect(await root.locator('[data-key-id=A]').textContent()).toBe(B); // the only key is the old one
    await tool.button('Add').click();
    await root.locator('[data-key]').nth(1).fill(KEY);
    expect(await root.locator('[data-key-id=A]').textContent()).toBe(A);
    expect(await root.locator('[data-key-id=B]').textContent()).toBe(B);
    await tool.close();
  });

  it('says what happened to those who listen', async () => {
    const tool = await openTool(site, 'Rotate');
    await day(tool).fill('28');
    await tool.root
      .getByRole('status')
      .filter({ hasText: 'Day 28: Key A removed. Stayed away: It does not open' })
      .waitFor();
    await tool.close();
  });

  it('does not move by itself where less motion is asked for', async () => {
    for (const reducedMotion of ['reduce', 'no-preference'] as const) {
      const tool = await openTool(site, 'Rotate', { reducedMotion });
      const seconds = await tool.root
        .locator('[data-mark=today]')
        .evaluate((mark) => getComputedStyle(mark).transitionDuration);
      expect(seconds).toBe(reducedMotion === 'reduce' ? '0s' : '0.2s');
      await tool.close();
    }
  });

  it('is a list of steps before its script has run', () => {
    const html = readFileSync(join(site.folder, 'playground/index.html'), 'utf8');
    const steps =
      /<ol class="rotation-steps"[^>]*>([\s\S]*?)<\/ol>/.exec(html)?.[1]?.replace(/<[^>]+>|\s+/g, ' ') ?? '';
    for (const text of ['keys: [keyB, keyA]', 'Key A removed', 'stale: true', `key ${A} is missing`]) {
      expect(steps.replace(/ +/g, ' ')).toContain(text);
    }
  });

  it.each([360, 1280])('fits %i pixels on every day, with targets of 24 and more', async (width) => {
    const tool = await openTool(site, 'Rotate', { viewport: { width, height: 640 } });
    for (const at of ['0', '13', '14', '28', '34']) {
      await day(tool).fill(at);
      expect(await sidewaysScroll(tool.page)).toBe(0);
    }
    expect(await smallTargets(tool.page)).toEqual([]);
    await tool.close();
  });
}
