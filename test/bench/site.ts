/**
 * `pnpm measure:site`: the built site in Chromium, beside what it must reach. No test: the numbers are as good as the machine is quiet,
 * which is printed with them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../site/support/chromium.ts';
import { measureScripts } from '../site/support/script-sizes.ts';
import { type Bound, boundsTable, isReached } from './bounds.ts';
import { describeMachine, formatTable } from './report.ts';
import { serveAsHost } from './site/host.ts';
import { type Category, runLighthouse, SKIPPED } from './site/lighthouse.ts';
import { measurePlayground } from './site/playground.ts';

const PAGES = { landing: '/', docs: '/tutorials/first-session/', playground: '/playground/' };
const SCORES: Readonly<Record<Category, number>> = { performance: 0.99, accessibility: 1, 'best-practices': 1, seo: 1 };
const site = fileURLToPath(new URL('../../site/', import.meta.url));
const ROUNDS = 5;
const bounds: Bound[] = [];

const chromium = findChromium();
if (chromium === undefined) throw new Error('No Chromium found');
console.log(describeMachine());
console.log(`Load before: ${load()}. Above 1, something else takes the time that is measured here.`);

bounds.push(atMost(60, 'full build, seconds', buildSite()));
const host = await serveAsHost(`${site}dist`);
const { painted, blocked } = await measurePlayground(chromium, host.origin);
const { opening, all } = measureScripts(`${site}dist`);
bounds.push(atMost(60, 'script that opens a cookie, kB compressed', opening / 1000));
bounds.push(atMost(60, 'all script of the playground, kB compressed', all / 1000));
bounds.push(atMost(100, 'token of 4 KiB, from input to painted, ms', painted));
for (const [what, ms] of Object.entries(blocked)) bounds.push(atMost(200, `64 KiB, ${what}: longest task, ms`, ms));
for (const [name, path] of Object.entries(PAGES)) {
  const { scores, lost } = await runLighthouse(chromium, host.origin + path, ROUNDS);
  for (const category of ['performance', 'accessibility', 'best-practices', 'seo'] as const) {
    const what = `Lighthouse, ${name}: ${category}`;
    bounds.push({ what, measured: scores[category], is: '>=', bound: SCORES[category], unit: '' });
  }
  if (lost.length > 0) console.log(`${name} lost points by: ${lost.join(', ')}`);
}
await host.close();
const { scores: nothing } = await scoresOfNothing(chromium);

console.log(formatTable(boundsTable(bounds)));
console.log(`\nLoad after: ${load()}. A task below 50 ms counts as 0: the browser does not tell of it.`);
console.log(
  `Lighthouse gives a page of one line, without style or script, ${nothing.performance} for performance on this machine.`,
);
console.log(
  `Lighthouse without ${SKIPPED.join(', ')}: it asks from inside the page, whose policy forbids every request.`,
);
process.exitCode = bounds.every(isReached) ? 0 : 1;

function atMost(bound: number, what: string, measured: number): Bound {
  return { what, measured, is: '<=', bound, unit: '' };
}

/** @returns seconds, with nothing left over from the build before. */
function buildSite(): number {
  for (const left of ['dist', '.astro', 'node_modules/.astro']) rmSync(site + left, { recursive: true, force: true });
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build'], {
    cwd: site,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The site did not build:\n${stderr}`);
  return (performance.now() - from) / 1000;
}

/** What a page can reach here at most: on a slow machine the browser's own work makes blocking time, four times over. */
async function scoresOfNothing(browser: string) {
  const folder = mkdtempSync(join(tmpdir(), 'nothing-'));
  const page =
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>-</title><p>Nothing';
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, '404.html'), page);
  writeFileSync(join(folder, '_headers'), '');
  const server = await serveAsHost(folder);
  const verdict = await runLighthouse(browser, `${server.origin}/`, ROUNDS);
  await server.close();
  rmSync(folder, { recursive: true });
  return verdict;
}

function load(): string {
  const [minute = 0] = loadavg();
  return minute.toFixed(1);
}
