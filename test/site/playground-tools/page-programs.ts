/** The programs that stand on the page, taken from it and run: each opens the very cookie that the page shows, and answers what was sealed. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createSealer } from '@sealring/codec';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FRAMEWORKS, type Framework } from '../../../site/src/playground/code/program.ts';
import { openPlayground } from '../playground/open-page.ts';
import type { Site } from '../support/site.ts';
import { ask, findMistakes, makeProgramFolder, sessionHeader } from './run-program.ts';
import { KEY, OTHER_KEY } from './tools-page.ts';

const ISSUED = 1_767_225_600;

class Person {
  firstName = 'Ada';
  lastName = 'Lovelace';
}

interface Shown {
  readonly view: Locator;
  /** The Cookie header that a browser would send. */
  readonly cookie: string;
  /** What was sealed. */
  readonly value: unknown;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Scene {
  readonly name: string;
  readonly frameworks: readonly Framework[];
  /** Brings the page there. */
  readonly show: (page: Page) => Promise<Shown>;
}

const scenes: readonly Scene[] = [
  {
    name: 'Seal view: a session with an instance of a class',
    frameworks: FRAMEWORKS,
    async show(page) {
      const view = await openSeal(page);
      await view.getByRole('button', { name: 'A class' }).click(); // registers Person
      const person = '{"$class": ["Person", {"firstName": "Ada", "lastName": "Lovelace"}]}';
      await view
        .locator('#seal-value')
        .fill(`{"who": ${person}, "since": {"$date": "2026-01-01"}, "n": {"$bigint": "7"}}`);
      const value = new Map<string, unknown>([
        ['who', new Person()],
        ['since', new Date('2026-01-01')],
        ['n', 7n],
      ]);
      return { view, cookie: await cookieOf(view), value };
    },
  },
  {
    name: 'Seal view: a signed session under a plain name, with a dictionary and the key in hex before another',
    frameworks: ['node', 'fetch'],
    async show(page) {
      const view = await openSeal(page);
      await view.getByLabel('Encoding of key 1').selectOption('hex');
      const hex = Buffer.from(KEY.slice(9, 52), 'base64url').toString('hex');
      await view.locator('[data-key]').first().fill(hex);
      await view.getByRole('button', { name: 'Demo key 2' }).click();
      await view.locator('[data-field-name]').fill('basket');
      await fillFolded(view, '[data-field-dictionary]', 'items\ntotal');
      await view.getByLabel('Signed:').check();
      await view.locator('#seal-value').fill('{"items": {"$set": [1, 2]}, "total": 3}');
      const value = new Map<string, unknown>([
        ['items', new Set([1, 2])],
        ['total', 3],
      ]);
      return { view, cookie: await cookieOf(view), value, environment: { SESSION_KEY: hex, SESSION_KEY_2: OTHER_KEY } };
    },
  },
  {
    name: 'Seal view: a value with a context that needs quotes',
    frameworks: ['express', 'hono'],
    async show(page) {
      const view = await openSeal(page);
      await view.getByLabel('Any value, as').check();
      await view.locator('#seal-value').fill('[{"$bytes": "c0ffee"}, {"$undefined": true}]');
      await fillFolded(view, '[data-field-context]', `it's "ada"`);
      return { view, cookie: await cookieOf(view), value: [Uint8Array.of(0xc0, 0xff, 0xee), undefined] };
    },
  },
  {
    name: 'Open view: a link with purpose, context, clock and max age',
    frameworks: FRAMEWORKS,
    async show(page) {
      const value = { to: 'ada@example.org', tries: new Map([[1, 'first']]) };
      const sealer = createSealer({ keys: [KEY], purpose: 'magic-link' });
      const token = sealer.seal(value, { now: ISSUED, context: 'ada' });
      const times = { now: String(ISSUED + 800), 'max-age': '900' };
      const link = {
        view: 'open',
        token,
        name: 'link',
        purpose: 'magic-link',
        context: 'ada',
        key: 'demo-1',
        ...times,
      };
      return { view: await followLink(page, link), cookie: `other=1; link=${token}`, value };
    },
  },
  {
    name: 'Open view: a session of another day, split over three cookies',
    frameworks: ['koa', 'fetch'],
    async show(page) {
      const values = { note: 'é'.repeat(4000), since: new Date(0) };
      const cookie = await sessionHeader({ keys: [KEY], chunks: 3, now: () => ISSUED }, 'login', values);
      const view = await followLink(page, {
        view: 'open',
        token: `Cookie: ${cookie}`,
        now: String(ISSUED),
        key: 'demo-1',
      });
      return { view, cookie, value: new Map(Object.entries(values)) };
    },
  },
];

export function pageProgramTests(site: Site): void {
  let folder = '';
  const shown = new Map<string, Shown>();
  const fileOf = (name: string, framework: Framework) =>
    join(folder, `${scenes.findIndex((scene) => scene.name === name)}-${framework}.ts`);

  beforeAll(async () => {
    folder = makeProgramFolder('page-programs');
    for (const { name, frameworks, show } of scenes) {
      const { page, complaints } = await openPlayground(site);
      const scene = await show(page);
      shown.set(name, scene);
      await scene.view.getByText('Code that reads this cookie').click();
      for (const framework of frameworks) {
        await scene.view.getByLabel('For', { exact: true }).selectOption(framework);
        const code = (await scene.view.locator('[data-code]').textContent()) ?? '';
        expect(code).not.toContain('sealring_');
        writeFileSync(fileOf(name, framework), code);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have no mistake of type', async () => {
    expect(await findMistakes(folder)).toBe('');
  });

  it.each(scenes)('open what the page shows. $name', async ({ name, frameworks }) => {
    const { cookie, value, environment = { SESSION_KEY: KEY } } = shown.get(name) ?? never();
    const answers = await Promise.all(
      frameworks.map(async (framework) => {
        const answer = await ask(framework, fileOf(name, framework), cookie, environment);
        return [framework, answer] as const;
      }),
    );
    const expected = inspect(value, { depth: null });
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(frameworks.map((framework) => [framework, expected])),
    );
  });
}

async function openSeal(page: Page): Promise<Locator> {
  await page.locator('#tab-seal').click();
  const view = page.locator('#view-seal');
  await view.locator('[data-key]').first().fill(KEY);
  return view;
}

/** As in the Set-Cookie line on the page. */
async function cookieOf(view: Locator): Promise<string> {
  const line = (await view.locator('[data-line]').textContent()) ?? '';
  return /^Set-Cookie: ([^;]+)/.exec(line)?.[1] ?? never();
}

async function followLink(page: Page, fields: Readonly<Record<string, string>>): Promise<Locator> {
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    String(new URLSearchParams(fields)),
  );
  const view = page.locator('#view-open');
  await view.getByText('It opens.').first().waitFor();
  return view;
}

/** A field of a group that is folded. */
async function fillFolded(view: Locator, selector: string, text: string): Promise<void> {
  await view.locator(selector).evaluate((field, typed) => {
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = typed;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
}

function never(): never {
  throw new Error('The page shows no cookie');
}
