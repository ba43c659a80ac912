/** The machine's Firefox, as released -> a browser that Playwright drives over WebDriver BiDi. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, firefox } from 'playwright';

/** Undefined where none is installed, or `BROWSERS` leaves it out. */
export function findFirefox(): string | undefined {
  const asked = process.env['BROWSERS']?.split(',');
  if (asked && !asked.includes('firefox')) return undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env['FIREFOX_PATH'], ...installed].find((path) => path !== undefined && existsSync(path));
}

/** A context cannot be told of a colour scheme over BiDi: pages are shown as the system has it, light. */
export function launchFirefox(executablePath: string): Promise<Browser> {
  return firefox.launch({ channel: 'moz-firefox', executablePath });
}
