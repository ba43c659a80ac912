/** Input that was made to hurt the page: long, repetitive, deep, and with names that would change prototypes. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MAX_GROWTH } from '../../codec/growth.ts';
import { forge, loginToken } from '../../inspect/support.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const TRUE = Buffer.of(0xf5);
const text = (characters: string) => Buffer.from([0x60 + characters.length, ...Buffer.from(characters)]);
const mapOf = (key: string, value: Buffer) => Buffer.concat([Buffer.of(0xa1), text(key), value]);
/** Of a class of that name, with one field. */
const instanceOf = (name: string) => Buffer.concat([Buffer.of(0xd8, 0x1b, 0x82), text(name), TRUE]);

const namesUpTo = (count: number) => Array.from({ length: count }, (_, at) => `name${at}`).join('\n');

const ID = new Uint8Array(12).fill(7);
const EMPTY = { maxAge: '', purpose: '', context: '', classes: '', dictionary: '' };
const OPENS = { ...EMPTY, key: KEY, name: 'login', clock: '2026-01-01T00:00:00', cookie: loginToken() };

export function hostileTests(site: Site): void {
  let opened: ReturnType<typeof openPlayground>; // one page for all rows
  beforeAll(async () => {
    opened = openPlayground(site);
    await opened;
  });
  beforeEach(async () => {
    const { page, view, complaints } = await opened;
    await page.locator('#tab-open').click(); // where the shared fields are filled
    await view.fill(OPENS);
    expect(await view.verdict.textContent()).toBe('It opens.');
    complaints.length = 0;
  });
  afterAll(async () => (await opened).page.context().close());

  /** Brings a view to the front and fills a field of it. @returns what that has taken and changed. */
  async function type(view: string, selector: string, content: string) {
    return (await opened).page.evaluate(
      ([tab = '', field = '', typed = '']) => {
        const prototypes = () =>
          [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Uint8Array, URL, Error]
            .flatMap((made) => [made.name, ...Reflect.ownKeys(made), ...Reflect.ownKeys(made.prototype)])
            .map(String)
            .join();
        const before = prototypes();
        document.querySelector<HTMLElement>(tab)?.click();
        const input = document.querySelector(field);
        const start = performance.now();
        const text = typed.replaceAll('HALF', String.fromCharCode(0xd800)); // on its way here it would be changed
        if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) input.value = text;
        input?.dispatchEvent(new Event('input', { bubbles: true }));
        const seconds = (performance.now() - start) / 1000;
        const isChanged = prototypes() !== before || 'isAdmin' in {} || 'isAdmin' in Object;
        return { isThere: input !== null, seconds, isChanged };
      },
      [`#tab-${view}`, selector, content],
    );
  }

  /** Takes a cookie of this size in a time that grows as the size does. @returns what the last one has changed. */
  async function paste(cookie: (size: number) => string, size: number) {
    const take = (given: number) => type('open', '[data-pasted]', cookie(given));
    const small = Math.min((await take(size / 32)).seconds, (await take(size / 32)).seconds);
    const { seconds, ...others } = await take(size);
    expect(seconds / Math.max(small, 0.005)).toBeLessThan(MAX_GROWTH);
    return others;
  }

  it.each<[string, (size: number) => string]>([
    ['letters', (size) => 'x'.repeat(size)],
    ['base64url', (size) => `E${'A'.repeat(size)}`],
    ['spaces', (size) => `x${' '.repeat(size)}y`],
    ['pairs', (size) => 'a=b; '.repeat(size / 5)],
    ['quotes', (size) => '"'.repeat(size)],
    ['names of prototypes', (size) => '__proto__=1; constructor=2; toString=3; '.repeat(size / 40)],
  ])('takes a million characters of %s in a time that grows as they do', { retry: 5 }, async (_what, cookie) => {
    const { view, complaints } = await opened;
    expect(await paste(cookie, 1_000_000)).toEqual({ isThere: true, isChanged: false });
    expect(['refused', 'unknown', 'waiting']).toContain(await view.verdict.getAttribute('data-state'));
    expect(await view.verdict.textContent()).not.toBe('Paste a cookie to see what is in it.');
    expect(complaints).toEqual([]);
  });

  it('takes an unverified payload of ten thousand brackets', { retry: 5 }, async () => {
    const { view, complaints } = await opened;
    const head = Buffer.of(0x49, 1, 2, 3, 0x65, 0, 0, 0);
    const nested = (depth: number) => Buffer.concat([head, Buffer.alloc(depth, 0x81), Buffer.alloc(16)]);
    await paste((depth) => nested(depth).toString('base64url'), 10_000);
    expect(await view.mark.textContent()).toContain('nothing vouches for it');
    for (const name of ['JSON', 'CBOR', 'Types', 'Annotated']) await view.root.getByRole('tab', { name }).click();
    expect(complaints).toEqual([]);
  });

  it.each([
    ['a cookie', 'open', '[data-pasted]', '__proto__=3.a; __proto__.1=b; constructor=c; prototype={"isAdmin":true}'],
    ['a list of cookies', 'open', '[data-pasted]', '[{"name":"__proto__","value":"x","__proto__":{"isAdmin":true}}]'],
    ['a key of an object', 'open', '[data-pasted]', forge(mapOf('__proto__', mapOf('isAdmin', TRUE)))],
    ['classes', 'open', '[data-field-types]', '__proto__: isAdmin\nconstructor: isAdmin\nObject: __proto__, isAdmin'],
    ['a class of the cookie', 'open', '[data-pasted]', forge(instanceOf('__proto__'))],
    ['another', 'open', '[data-pasted]', forge(instanceOf('Object'))],
    ['a dictionary', 'open', '[data-field-dictionary]', '__proto__\nconstructor\nprototype'],
    ['a value', 'seal', '#seal-value', '{"__proto__": {"isAdmin": true}}'],
    ['a value inside', 'seal', '#seal-value', '{"constructor": {"prototype": {"isAdmin": true}}}'],
    ['an object in disguise', 'seal', '#seal-value', '{"a": {"$object": {"__proto__": {"isAdmin": true}}}}'],
    ['an instance', 'seal', '#seal-value', '{"a": {"$class": ["Object", {"isAdmin": true, "__proto__": null}]}}'],
    ['an instance of none', 'seal', '#seal-value', '{"a": {"$class": ["__proto__", {"isAdmin": true}]}}'],
    ['an unknown form', 'seal', '#seal-value', '{"a": {"$__proto__": {"isAdmin": true}}}'],
    ['messages', 'seal', '#seal-flashes', '{"__proto__": ["isAdmin"], "constructor": [{"prototype": 1}]}'],
    ['a header', 'header', '#view-header textarea', 'Set-Cookie: __proto__=1; __proto__=2; constructor=3; prototype'],
    [
      'a log',
      'header',
      '#view-header textarea',
      '{"__proto__":{"isAdmin":true},"cookies":[{"name":"__proto__","value":"a"}]}',
    ],
  ])('changes no prototype through %s', async (_what, view, selector, content) => {
    const { complaints } = await opened;
    const { isThere, isChanged } = await type(view, selector, content);
    expect({ isThere, isChanged }).toEqual({ isThere: true, isChanged: false });
    expect(complaints).toEqual([]);
  });

  it.each([
    ['a name', '[data-field-name]', 'HALF'],
    ['a purpose', '[data-field-purpose]', 'HALF'],
    ['a context', '[data-field-context]', 'HALF'],
    ['a cookie', '[data-pasted]', 'HALF=EdvAHALF; HALF'],
    ['a key', '[data-key]', 'sealring_HALF'],
    ['classes', '[data-field-types]', 'HALF: HALF, HALF\nPerson: HALF'],
    ['a dictionary', '[data-field-dictionary]', 'user\nHALF'],
    ['a dictionary, of more names than the codec takes', '[data-field-dictionary]', namesUpTo(70_000)],
  ])('goes on after half a character, or too many of them, in %s', async (_what, selector, content) => {
    const { page, view, complaints } = await opened;
    const { isThere } = await type('open', selector, content);
    for (const tab of ['seal', 'rotate', 'header', 'open']) await page.locator(`#tab-${tab}`).click();
    await view.fill({ ...OPENS, maxAge: '60', clock: '2026-01-01T00:02:00' });
    expect(await view.failed()).toBe('age ERR_SEAL_EXPIRED');
    expect({ isThere, complaints }).toEqual({ isThere: true, complaints: [] });
  });

  it.each([
    ['no number', [Number.NaN, { a: 1 }, ID]],
    ['beyond all calendars', [1e300, { a: 1 }, ID, undefined, 1e300, 'ada', -1e300, ID, 1e300]],
    ['without an end', [-Number.MAX_VALUE, { a: 1 }, ID, undefined, Number.POSITIVE_INFINITY]],
  ])('shows a session whose times are %s', async (_what, record) => {
    const { view, complaints } = await opened;
    await view.fill({ cookie: loginToken(record) });
    expect(await view.verdict.textContent()).toBe('It opens.');
    await view.root.getByRole('tab', { name: 'Session' }).click();
    expect(await view.root.locator('#payload-session').textContent()).toContain('{"a": 1}');
    expect(complaints).toEqual([]);
  });
}
