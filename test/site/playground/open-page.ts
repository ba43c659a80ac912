/** The playground's Open view as its visitors see it: fields, buttons and results by their names. */
import type { BrowserContextOptions, Locator, Page } from 'playwright';
import { untilReady, type WatchedPage } from '../support/chromium.ts';
import type { Site } from '../support/site.ts';

export async function openPlayground(
  site: Site,
  hash = '',
  options?: BrowserContextOptions,
): Promise<WatchedPage & { view: OpenView }> {
  const watched = await site.open(`/playground/${hash}`, options);
  await untilReady(watched.page);
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

/** The attribute that marks each field, in the order in which they are filled. */
const MARKS: Readonly<Record<keyof Typed, string>> = {
  ...{ key: 'key', name: 'field-name', purpose: 'field-purpose', context: 'field-context', maxAge: 'max-age' },
  ...{ clock: 'clock', classes: 'field-types', dictionary: 'field-dictionary', cookie: 'pasted' },
};

export interface Look {
  verdict: string;
  /** The check that failed, with its code; or `none`. */
  failed: string;
  /** Whether it may be believed: `good`, `refused`, `unverified`; or `none` where no payload shows. */
  payload: string;
  /** All bytes that show, without gaps. */
  hex: string;
  /** As the JSON tab has it, once it was opened. */
  json: string;
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
  fill(typed: Typed): Promise<void> {
    const given = Object.entries(MARKS).flatMap(([field, mark]) => {
      const text = Object.entries(typed).find(([name]) => name === field)?.[1];
      return text === undefined ? [] : [{ mark, text }];
    });
    return this.root.evaluate((root, texts) => {
      for (const { mark, text } of texts) {
        const input = root.querySelector(`[data-${mark}]`);
        if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement))
          throw new Error(`The Open view has no field ${mark} now`);
        input.value = text;
        input.dispatchEvent(new Event('input', { bubbles: true })); // as if pasted
      }
    }, given);
  }

  /** What the page says of the cookie, all at once. */
  look(): Promise<Look> {
    return this.root.evaluate((root) => {
      const textOf = (selector: string) => root.querySelector(selector)?.textContent ?? '';
      const failed = root.querySelector('[data-checks] > [data-state="failed"]');
      const digits = Array.from(root.querySelectorAll('.hex-row .digits'), ({ textContent }) => textContent);
      const mark = root.querySelector('[data-payload-mark]');
      const isShown = root.querySelector('[data-payload-card]:not([hidden])') !== null;
      return {
        verdict: textOf('[data-verdict]'),
        failed: failed
          ? `${failed.getAttribute('data-check')} ${failed.querySelector('code')?.textContent ?? ''}`
          : 'none',
        payload: isShown ? (mark?.getAttribute('data-state') ?? '') : 'none',
        hex: digits.join(' ').replaceAll(' ', ''),
        json: textOf('[data-json]'),
      };
    });
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

  /** Opens every line of the tree. */
  unfoldTree(): Promise<void> {
    return this.root.evaluate((root) => {
      const folded = () => root.querySelector<HTMLElement>('[role="treeitem"][aria-expanded="false"]');
      for (let line = folded(); line; line = folded()) {
        line.focus();
        line.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        if (line === folded()) throw new Error(`It stays folded: ${line.textContent}`);
      }
    });
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
