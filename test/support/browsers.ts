/** Finds the browsers of this machine, for vitest.config.ts: an environment variable first, then the system's own, then Playwright's. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { chromium, firefox, webkit } from 'playwright';
import type { BrowserProviderOption } from 'vitest/node';
import { webdriver } from './webdriver.ts';

export interface Engine {
  name: 'chromium' | 'firefox' | 'webkit';
  provider: BrowserProviderOption;
  headless: boolean;
}
type Found = Omit<Engine, 'name'> | undefined;

const finders: [Engine['name'], () => Found][] = [
  ['chromium', findChromium],
  ['firefox', findFirefox],
  ['webkit', findWebkit],
];

/**
 * Every engine found. With CI set, or BROWSERS=chromium,firefox,webkit, a missing one is an error; else one line says so.
 * BROWSERS= asks for none.
 */
export function engines(): Engine[] {
  const asked = process.env['BROWSERS']?.split(',').filter(Boolean);
  const found: Engine[] = [];
  const missing: string[] = [];
  for (const [name, find] of finders) {
    if (asked && !asked.includes(name)) continue;
    const engine = find();
    if (engine) found.push({ name, ...engine });
    else missing.push(name);
  }
  if (missing.length > 0) report(missing, Boolean(asked || process.env['CI']));
  return found;
}

function report(missing: string[], fatal: boolean): void {
  const how = onPath('apt-get') ? 'sudo node scripts/setup.mjs' : `npx playwright install ${missing.join(' ')}`;
  const message = `Not found: ${missing.join(', ')} (to install: ${how})`;
  if (fatal) throw new Error(message);
  if (!process.env['BROWSERS_SAID']) console.warn(`${message}; those tests are skipped`);
  process.env['BROWSERS_SAID'] = '1'; // Vitest reads its config more than once
}

function findChromium(): Found {
  const path = process.env['CHROMIUM_PATH'] ?? onPath('chromium', 'chromium-browser', 'google-chrome');
  const executablePath = path ?? chromium.executablePath();
  if (!existsSync(executablePath)) return undefined;
  const chromiumSandbox = process.getuid?.() !== 0; // it refuses root, as which containers and CI machines run
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  args.push('--disable-background-networking', '--disable-component-update');
  return { headless: true, provider: playwright({ launchOptions: { executablePath, chromiumSandbox, args } }) };
}

function findFirefox(): Found {
  const executablePath = process.env['FIREFOX_PATH'] ?? onPath('firefox-esr', 'firefox');
  if (!executablePath)
    return existsSync(firefox.executablePath()) ? { headless: true, provider: playwright() } : undefined;
  if (!existsSync(executablePath)) return undefined;
  // This channel takes a Firefox as released, over WebDriver BiDi.
  return { headless: true, provider: playwright({ launchOptions: { channel: 'moz-firefox', executablePath } }) };
}

function findWebkit(): Found {
  const driver = onPath('WebKitWebDriver'); // Debian's; it has no headless mode
  const screen = process.env['DISPLAY'] ?? onPath('Xvfb');
  if (driver && screen) return { headless: false, provider: webdriver(driver, { browserName: 'MiniBrowser' }) };
  return existsSync(webkit.executablePath()) ? { headless: true, provider: playwright() } : undefined;
}

function onPath(...names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
