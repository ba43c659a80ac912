/** The main things that the site is for, in Firefox and in WebKit. Chromium has tests of everything. */
import { createSealer } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtSite } from '../support/built-site.ts';
import { type StaticServer, serveFolder } from '../support/static-server.ts';
import { CHANGED, DEMO_1, opening, playground, TOKEN } from './states.ts';
import { type Visitor, visitors } from './visitor.ts';

describe.each(visitors)('in %s', { timeout: 60_000 }, (_name, open) => {
  describe.skipIf(open === undefined)('the site', () => {
    let server: StaticServer;
    let visitor: Visitor;
    const url = (path: string) => server.origin + path;
    const text = (selector: string) => expect.poll(() => visitor.textOf(selector));

    beforeAll(async () => {
      server = await serveFolder(await builtSite());
      if (open) visitor = await open();
    }, 240_000);
    afterAll(async () => {
      await visitor?.close();
      await server?.close();
    }, 30_000);

    it('landing page: its demo seals, and notices a change', async () => {
      await visitor.goto(url('/'));
      await text('h1').not.toBe('');
      await visitor.click('[data-change]');
      await text('[data-result]').toContain('ERR_SEAL_TAMPERED');
      await visitor.click('[data-change]');
      await text('[data-result]').toContain('ada');
      expect(await visitor.complaints()).toEqual([]);
    });

    it('playground: opens a token of a demo key, shows what is in it, and asks for nothing', async () => {
      await visitor.goto(url('/playground/'));
      await text('[data-verdict]').toBe('Paste a cookie to see what is in it.');
      const before = await visitor.requests();
      await visitor.click('[data-demo-key="demo-1"]');
      await visitor.type('#pasted', `session=${TOKEN}`);
      await text('[data-verdict]').toBe('It opens.');
      await visitor.click('#payload-tab-json');
      await text('[data-json]').toContain('"name": "Zoë"');
      await visitor.click('#bytes-tab-annotated');
      await visitor.click('#tab-header');
      await visitor.click('#tab-open');
      const after = (await visitor.requests()).filter((request) => !before.includes(request));
      expect(after.filter(isOfThePage)).toEqual([]);
      expect(await visitor.complaints()).toEqual([]);
    });

    it('playground: refuses a changed token, and names the check', async () => {
      await visitor.goto(url(opening(CHANGED)));
      await text('[data-check][data-state="failed"] code').toBe('ERR_SEAL_TAMPERED');
      expect(await visitor.attributeOf('[data-verdict]', 'data-state')).toBe('refused');
      expect(await visitor.complaints()).toEqual([]);
    });

    it('playground: seals what Node opens', async () => {
      await visitor.goto(url(playground({ view: 'seal', key: 'demo-1' })));
      await text('#view-seal [data-token]').not.toBe('');
      const token = await visitor.textOf('#view-seal [data-token]');
      const sealer = createSealer({ keys: [DEMO_1], purpose: 'sealring:cookie:__Host-session', reserved: true });
      expect(sealer.safeOpen(token)).toMatchObject({ ok: true });
      expect(await visitor.complaints()).toEqual([]);
    });

    it('docs: a page has its text and its code', async () => {
      await visitor.goto(url('/tutorials/first-session/'));
      await text('h1').not.toBe('');
      expect((await visitor.textOf('main')).length).toBeGreaterThan(1000);
      expect(await visitor.count('.expressive-code .ec-line')).toBeGreaterThan(5);
      expect(await visitor.complaints()).toEqual([]);
    });

    it('search: finds a section', async () => {
      await visitor.goto(url('/'));
      await visitor.click('[data-search-open]');
      await visitor.type('[data-search-field]', 'token layout');
      await text('[data-search-results] a').toContain('Token layout');
      expect(await visitor.complaints()).toEqual([]);
    });

    it('theme: the chosen one stays', async () => {
      await visitor.goto(url('/'));
      await visitor.choose('[data-theme-picker] select', 'dark');
      await visitor.goto(url('/playground/'));
      expect(await visitor.attributeOf('html', 'data-theme')).toBe('dark');
      await visitor.choose('[data-theme-picker] select', 'light');
      expect(await visitor.attributeOf('html', 'data-theme')).toBe('light');
    });

    it.each([
      ['landing page', '/'],
      ['docs', '/tutorials/first-session/'],
      ['wire format', '/reference/wire-format/'],
      ['playground', opening(TOKEN)],
    ])('fits 360 pixels: %s', async (_name, path) => {
      await visitor.gotoSmall(url(path));
      expect(await visitor.scroll()).toEqual({ sideways: 0, width: 360 });
    });
  });
});

/** A browser fetches the icons, and the worker that keeps the page for later, when it likes. */
const isOfThePage = (request: string) => !/\/(?:favicon\.|apple-touch-icon|sw\.js)/.test(request);
