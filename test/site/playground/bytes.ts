/** The payload beside its bytes: what is chosen in tree, bytes or list is chosen in all of them. */
import { createSealer } from '@sealring/codec';
import { expect, it } from 'vitest';
import type { Site } from '../support/site.ts';
import { hexOf, itemAt, itemsOf } from './items.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const VALUE = { greeting: 'Grüße 🍪', when: new Date(0), cart: new Map([['apple', 3]]), list: [1, [2, [3]]] };
const sealer = createSealer({ keys: [KEY], purpose: 'sealring:cookie:demo', reserved: true });
const token = sealer.seal(VALUE);

/** Keys of every kind: texts, numbers, and such as are made of items themselves. */
const nested = sealer.seal({
  ...VALUE,
  places: new Map<unknown, unknown>([
    [{ x: 1, y: [2] }, 'here'],
    [7, new Set([-1, 2n ** 70n])],
  ]),
  rest: [new Uint8Array([0, 255]), new URL('https://example.org/'), Number.NaN, undefined, null, true],
});
const payload = sealer.authenticate(nested).payload;
const items = itemsOf(payload);

export function bytesTests(site: Site): void {
  async function open(cookie = token) {
    const opened = await openPlayground(site);
    await opened.view.fill({ cookie: `demo=${cookie}`, key: KEY });
    return opened;
  }

  it('hex rows joined are the payload, byte for byte', async () => {
    const { page, view } = await open();
    const bytes = sealer.authenticate(token).payload;
    const digits = await view.root.locator('.hex-row .digits').allTextContents();
    expect(digits.join(' ').replaceAll(' ', '')).toBe(Buffer.from(bytes).toString('hex'));
    const texts = await view.root.locator('.hex-row .text').allTextContents();
    expect(texts.join('')).toHaveLength(bytes.length); // offsets of both line up, whatever the text is made of
    await page.context().close();
  });

  it('an item chosen in the tree is marked in the bytes', async () => {
    const { page, view, complaints } = await open();
    const line = view.root.getByRole('treeitem', { name: /"when"/ });
    await line.locator('.line').first().click();
    expect(await view.highlighted('sealring-selected')).toBe('c1 00');
    expect(await view.item.textContent()).toMatch(/^Bytes \d+–\d+: tag\(1\), Date 1970-01-01/);
    await page.keyboard.press('ArrowDown');
    expect(await view.item.textContent()).toContain('Map of 1 entry');
    await page.keyboard.press('ArrowUp');
    expect(await view.highlighted('sealring-selected')).toBe('c1 00');
    await view.root.getByRole('treeitem', { name: /"greeting"/ }).hover();
    expect((await view.highlighted('sealring-hovered')).replaceAll(' ', '')).toBe(
      `6e${Buffer.from('Grüße 🍪').toString('hex')}`.replace('6e', (0x60 + Buffer.byteLength('Grüße 🍪')).toString(16)),
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('every line of the tree marks the bytes of its own item, and says what it is', async () => {
    const { page, view, complaints } = await open(nested);
    await view.unfoldTree();
    const shown = await view.root.evaluate((root) =>
      Array.from(root.querySelectorAll<HTMLElement>('[role="treeitem"]'), (line) => {
        line.focus();
        const selected = root.querySelectorAll('[data-tree] [aria-selected="true"]');
        return {
          text: line.querySelector('.line')?.textContent,
          isSelected: selected.length === 1 && selected[0] === line,
          bytes: [...(CSS.highlights.get('sealring-selected') ?? [])].map(String).join(' '),
          says: root.querySelector('[data-item]')?.textContent,
        };
      }),
    );
    const expected = items.flatMap(({ bytes: { from, to }, place, says, meaning, label }) => {
      const text = expect.stringContaining(/^(?:unsigned|negative)\((.*)\)$/.exec(label)?.[1] ?? (meaning || label));
      const bytes = hexOf(payload.subarray(from, to), ' ');
      return place === 'value' ? [{ text, isSelected: true, bytes, says }] : [];
    });
    expect(shown).toEqual(expected);
    for (const { place, line, meaning, label } of items) {
      const name = `${meaning || label}: `;
      if (place === 'key') expect(shown[line]?.text?.slice(0, name.length)).toBe(name);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('every byte chosen with the keyboard chooses the innermost item that has it', async () => {
    const { page, view } = await open(nested);
    await view.unfoldTree();
    await view.root.locator('[data-hex]').focus();
    const seen = new Set<string>();
    for (let at = 0; at < payload.length; at++) {
      await page.keyboard.press(at === 0 ? 'Home' : 'ArrowRight');
      const chosen = await view.root.evaluate((root) => ({
        says: root.querySelector('[data-item]')?.textContent,
        lines: [...root.querySelectorAll('[role="treeitem"]')].flatMap((line, number) =>
          line.getAttribute('aria-selected') === 'true' ? [number] : [],
        ),
      }));
      const { line, says } = itemAt(items, at) ?? {};
      expect(chosen, `byte ${at}`).toEqual({ says, lines: [line] });
      seen.add(chosen.says ?? '');
    }
    expect(seen.size).toBeGreaterThan(30);
    await page.context().close();
  });

  it('a byte that is clicked selects its item', async () => {
    const { page, view } = await open();
    const row = view.root.locator('.hex-row .digits').first();
    const box = await row.boundingBox();
    const digits = ((await row.textContent()) ?? '').length;
    // The third byte: part of the key "greeting".
    await page.mouse.click((box?.x ?? 0) + ((2 * 3 + 1) / digits) * (box?.width ?? 0), (box?.y ?? 0) + 8);
    expect(await view.item.textContent()).toContain('"greeting"');
    expect(await view.highlighted('sealring-cursor')).toBe('67');
    await page.context().close();
  });

  it('annotated lines are all items in the order of their bytes, and each chooses its own', async () => {
    const { page, view } = await open(nested);
    await view.unfoldTree();
    await view.root.getByRole('tab', { name: 'Annotated' }).click();
    const shown = await view.root.evaluate((root) =>
      Array.from(root.querySelectorAll<HTMLElement>('.annotated-line'), (line) => {
        line.click();
        const [offset, digits, label, meaning] = Array.from(line.children, ({ textContent }) => textContent);
        const pressed = [...root.querySelectorAll('.annotated-line[aria-pressed="true"]')];
        const says = root.querySelector('[data-item]')?.textContent;
        const lines = [...root.querySelectorAll('[role="treeitem"]')];
        const selected = lines.findIndex((each) => each.getAttribute('aria-selected') === 'true');
        return {
          offset,
          digits,
          label,
          meaning,
          says,
          isPressed: pressed.length === 1 && pressed[0] === line,
          selected,
        };
      }),
    );
    expect(shown).toEqual(
      items.map(({ bytes, head, children, label, meaning, says, line }) => {
        const own = hexOf(payload.subarray(head.from, children.length === 0 ? bytes.to : head.to));
        const digits = own.length > 24 ? `${own.slice(0, 24)}…` : own;
        const offset = bytes.from.toString(16).padStart(4, '0');
        return { offset, digits, label, meaning, says, isPressed: true, selected: line };
      }),
    );
    await page.context().close();
  });

  it('a long payload is shown a page at a time, and chosen items are turned to', async () => {
    const list = Array.from({ length: 1500 }, (_, at) => `item ${at}`);
    const long = createSealer({
      keys: [KEY],
      purpose: 'sealring:cookie:demo',
      reserved: true,
      limits: { bytes: 65_536, items: 65_536 },
    }).seal(list);
    const { page, view } = await open(long);
    expect(await view.verdict.textContent()).toBe('It opens.');
    expect(await view.root.locator('.hex-row').count()).toBeLessThanOrEqual(256);
    const lines = await view.root.getByRole('treeitem').count();
    expect(lines).toBeGreaterThan(100);
    expect(lines).toBeLessThanOrEqual(400);
    await view.button('Later bytes').click();
    expect(await view.root.locator('.hex-row .offset').first().textContent()).toBe('0800');
    await view.root.locator('.hex-row').last().locator('.digits').click();
    expect(await view.root.locator('[data-tree] [aria-selected="true"]').count()).toBe(1);
    await page.context().close();
  });

  it('a check that is pointed at marks its bytes in the token', async () => {
    const { page, view } = await open();
    await view.button('bytes 1–3').focus();
    expect(
      await view.token.locator('[data-lit]').evaluateAll((all) => all.map((one) => one.getAttribute('data-part'))),
    ).toEqual(['key-id']);
    await view.name.focus();
    expect(await view.token.locator('[data-lit]').count()).toBe(0);
    await page.context().close();
  });
}
