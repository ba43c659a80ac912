/** The playground's Open view as its visitors see it: fields, buttons and results by their names. */
import type { BrowserContextOptions, Locator, Page } from 'playwright';
import type { WatchedPage } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

export async function openPlayground(
  site: Site,
  hash = '',
  options?: BrowserContextOptions,
): Promise<WatchedPage & { view: OpenView }> {
  const watched = await site.open(`/playground/${hash}`, options);
  await watched.page.waitForLoadState('networkidle'); // the browser fetches the icon when it likes
  return { ...watched, view: new OpenView(watched.page) };
}

export interface Typed {
  cookie?: string;
  key?: string;
  name?: string;
  purpose?: string;
  context?: string;
  maxAge?: string;
  clock?: string;
  classes?: string;
  dictionary?: string;
}

export class OpenView {
  readonly page: Page;
  readonly root: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('#view-open');
  }

  get pasted(): Locator {
    return this.root.getByLabel('Cookie', { exact: true });
  }
  get key(): Locator {
    return this.root.getByLabel('Key 1', { exact: true });
  }
  get name(): Locator {
    return this.root.getByLabel('Cookie name');
  }
  get verdict(): Locator {
    return this.root.locator('[data-verdict]');
  }
  get details(): Locator {
    return this.root.locator('[data-details]');
  }
  get payload(): Locator {
    return this.root.locator('[data-payload-card]');
  }
  get mark(): Locator {
    return this.root.locator('[data-payload-mark]');
  }
  get token(): Locator {
    return this.root.locator('[data-token]');
  }
  get slider(): Locator {
    return this.root.getByLabel('From issued to beyond expiry');
  }
  get item(): Locator {
    return this.root.locator('[data-item]');
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** Every field that is given; the others keep what they hold. Folded groups are filled too: they are in the page. */
  async fill(typed: Typed): Promise<void> {
    const marks = {
      ...{ key: 'key', name: 'field-name', purpose: 'field-purpose', context: 'field-context', maxAge: 'max-age' },
      ...{ clock: 'clock', classes: 'field-types', dictionary: 'field-dictionary', cookie: 'pasted' },
    } as const;
    for (const [field, mark] of Object.entries(marks)) {
      const text = Object.entries(typed).find(([name]) => name === field)?.[1];
      const input = this.root.locator(`[data-${mark}]`).first();
      if (text !== undefined) await input.evaluate(type, text);
    }
  }

  async unfold(summary: string): Promise<void> {
    const details = this.root.locator('details', { has: this.page.locator('> summary', { hasText: summary }) }).last();
    if (await details.evaluate((element) => element.hasAttribute('open'))) return;
    const toggled = details.evaluate(
      (element) => new Promise<void>((resolve) => element.addEventListener('toggle', () => resolve(), { once: true })),
    );
    await details.locator('> summary').click();
    await toggled;
  }

  async example(name: string): Promise<void> {
    await this.unfold('Examples');
    await this.button(name).click();
  }

  /** Every check as `state: id`, with the code where it failed. */
  async checks(): Promise<string[]> {
    return this.root.locator('[data-checks] > li').evaluateAll((rows) =>
      rows.map((row) => {
        const code = row.querySelector('code')?.textContent;
        return `${row.getAttribute('data-state')}: ${row.getAttribute('data-check')}${code ? ` ${code}` : ''}`;
      }),
    );
  }

  /** The check that failed, with its code; or `none`. */
  async failed(): Promise<string> {
    const row = (await this.checks()).find((check) => check.startsWith('failed: '));
    return row?.replace('failed: ', '') ?? 'none';
  }

  async json(): Promise<string> {
    await this.root.getByRole('tab', { name: 'JSON' }).click();
    return (await this.root.locator('[data-json]').textContent()) ?? '';
  }

  /** The text that the CSS highlight of this name covers. */
  highlighted(name: string): Promise<string> {
    return this.page.evaluate((which) => [...(CSS.highlights.get(which) ?? [])].map(String).join(' '), name);
  }
}

/** As if pasted: the field's text at once, and the event that tells of it. */
function type(element: Element, text: string): void {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.value = text;
  element.dispatchEvent(new Event('input', { bubbles: true }));
}
