/** A page as it stands -> what axe-core finds in it against WCAG 2.2 AA and its own best practices. */
import axe from 'axe-core';
import type { Page } from 'playwright';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @returns each violation as `rule: element`. */
export function findViolations(page: Page): Promise<string[]> {
  return run(page, { runOnly: TAGS, rules: { 'target-size': { enabled: true } } }); // axe leaves that one out unless asked
}

/** @returns what a finger cannot meet: smaller than 24 by 24 pixels, and nearer than that to another (WCAG 2.5.8). */
export function findSmallTargets(page: Page): Promise<string[]> {
  return run(page, { runOnly: ['target-size'] });
}

/** In the page's own world, past its policy: what is evaluated from outside needs no leave of it. */
async function run(page: Page, options: object): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (given) => {
    const { violations } = await Reflect.get(globalThis, 'axe').run({ ...given, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string; target: string[] }[] }) =>
      nodes.map(({ html, target }) => `${id}: ${target.join(' ')} ${html.slice(0, 120)}`),
    );
  }, options);
}
