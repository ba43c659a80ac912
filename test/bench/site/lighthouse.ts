/** Addresses -> what Lighthouse says of each: four scores, as on a slow telephone, and what cost points. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { freePort } from '../../support/free-port.ts';
import { median } from './median.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
/**
 * Lighthouse asks for `/robots.txt` from inside the page, whose policy allows it no request, and takes that for a fault of the file
 * (GoogleChrome/lighthouse#16597). A test reads the file instead.
 */
export const SKIPPED = ['robots-txt'] as const;

export type Category = (typeof CATEGORIES)[number];

export interface Verdict {
  scores: Record<Category, number>;
  /** Audits below 1 that count for something, in any run. */
  lost: string[];
}

/** @param rounds odd; the scores are the medians. */
export async function runLighthouse(chromium: string, url: string, rounds: number): Promise<Verdict> {
  const found: Record<Category, number[]> = { performance: [], accessibility: [], 'best-practices': [], seo: [] };
  const lost = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const { categories, audits } = await run(chromium, url);
    for (const name of CATEGORIES) {
      const category = categories[name];
      found[name].push(category?.score ?? 0);
      for (const { id, weight } of category?.auditRefs ?? []) {
        const audit = audits[id];
        if (weight > 0 && audit?.score !== null && (audit?.score ?? 1) < (name === 'performance' ? 0.9 : 1)) {
          lost.add(`${id} ${audit?.displayValue ?? ''}`.trim());
        }
      }
    }
  }
  const scores = {
    performance: median(found.performance),
    accessibility: median(found.accessibility),
    'best-practices': median(found['best-practices']),
    seo: median(found.seo),
  };
  return { scores, lost: [...lost] };
}

/** On a busy machine Lighthouse now and then misses the beginning of the page; it says so itself, and asks to be run again. */
async function run(chromium: string, url: string) {
  for (let tries = 1; ; tries++) {
    const report = await runOnce(chromium, url);
    if (report.runtimeError === undefined) return report;
    if (tries === 3) throw new Error(`${url}: ${report.runtimeError.message}`);
  }
}

async function runOnce(chromium: string, url: string) {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
  const flags = ['--headless=new', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  if (process.getuid?.() === 0) flags.push('--no-sandbox'); // it refuses root, as which containers and CI machines run
  const browser = spawn(chromium, [...flags, `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`], {
    stdio: 'ignore',
    detached: true,
  });
  try {
    await untilItListens(port);
    const result = await lighthouse(url, {
      port,
      logLevel: 'silent',
      onlyCategories: [...CATEGORIES],
      skipAudits: [...SKIPPED],
    });
    if (result === undefined) throw new Error(`Lighthouse said nothing of ${url}`);
    return result.lhr;
  } finally {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    if (browser.pid !== undefined) process.kill(-browser.pid); // Debian's is a script that starts it
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function untilItListens(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Chromium does not listen');
}
