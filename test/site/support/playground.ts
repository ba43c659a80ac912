/** The playground as its visitors see it: fields, buttons and results by their names. */
import type { Locator, Page } from 'playwright';

/** What both tabs have. */
class Tab {
  readonly root: Locator;
  constructor(root: Locator) {
    this.root = root;
  }
  get key(): Locator {
    return this.root.getByLabel('Key', { exact: true });
  }
  get purpose(): Locator {
    return this.root.getByLabel('Purpose');
  }
  get context(): Locator {
    return this.root.getByLabel('Context');
  }
  get verdict(): Locator {
    return this.root.locator('[data-verdict]');
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  /** The token as shown; undefined where there is none. */
  async token(): Promise<string> {
    return (await this.root.locator('[data-token]').textContent()) ?? '';
  }
  /** Every check as `state: title`, with the code where it failed. */
  async checks(): Promise<string[]> {
    const rows = await this.root.locator('[data-checks] li').all();
    return Promise.all(
      rows.map(async (row) => {
        const code = row.locator('code');
        const ended = (await code.count()) > 0 ? ` ${await code.textContent()}` : '';
        return `${await row.locator('.state').textContent()}: ${await row.locator('.title').textContent()}${ended}`;
      }),
    );
  }
  /** The check that failed, with its code; or `none`. */
  async failed(): Promise<string> {
    const row = (await this.checks()).find((check) => check.startsWith('failed: '));
    return row?.replace('failed: ', '') ?? 'none';
  }
}

export class SealTab extends Tab {
  constructor(page: Page) {
    super(page.locator('#panel-seal'));
  }
  get value(): Locator {
    return this.root.getByLabel('Value', { exact: true });
  }
  get message(): Locator {
    return this.root.locator('[data-value-message]');
  }
  get slider(): Locator {
    return this.root.getByRole('slider');
  }
  get size(): Locator {
    return this.root.locator('[data-size]');
  }
  /** Positions at which each part begins, in the order of the parts. */
  async parts(): Promise<{ name: string; from: number; to: number }[]> {
    const pieces = await this.root.locator('[data-token] > *').evaluateAll((elements) =>
      elements.map((element) => ({
        name: element.getAttribute('data-part') ?? '',
        length: element.textContent?.length ?? 0,
      })),
    );
    const parts: { name: string; from: number; to: number }[] = [];
    let from = 0;
    for (const { name, length } of pieces) {
      const last = parts.at(-1);
      if (last?.name === name) last.to += length;
      else parts.push({ name, from, to: from + length });
      from += length;
    }
    return parts;
  }
  async flip(position: number): Promise<void> {
    await this.slider.fill(String(position + 1));
    await this.button('Flip this character').click();
  }
}

export class OpenTab extends Tab {
  readonly #page: Page;
  constructor(page: Page) {
    super(page.locator('#panel-open'));
    this.#page = page;
  }
  get pasted(): Locator {
    return this.root.getByLabel('Token', { exact: true });
  }
  get maxAge(): Locator {
    return this.root.getByLabel('Max age in seconds');
  }
  get clock(): Locator {
    return this.root.getByLabel('Clock, UTC');
  }
  get value(): Locator {
    return this.root.locator('[data-opened-value]');
  }
  get unverified(): Locator {
    return this.root.locator('[data-unverified]');
  }
  show(): Promise<void> {
    return this.#page.getByRole('tab', { name: 'Open a token' }).click();
  }
  async fill(fields: { token: string; key?: string; purpose?: string; context?: string }): Promise<void> {
    await this.pasted.fill(fields.token);
    await this.key.fill(fields.key ?? '');
    if (fields.purpose !== undefined) await this.purpose.fill(fields.purpose);
    if (fields.context !== undefined) await this.context.fill(fields.context);
  }
}
