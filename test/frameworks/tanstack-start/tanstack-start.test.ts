import { expect, it } from 'vitest';
import { findChromium } from '../../site/support/chromium.ts';
import { openBrowser } from '../support/in-browser.ts';
import { story } from '../support/story.ts';

story(
  {
    folder: 'tanstack-start',
    sessions: 'src/sessions.ts',
    build: ['vite', 'build'],
    start: ['srvx', '--prod', '--static', '../client', 'dist/server/server.js'],
    inBrowser: true,
  },
  {
    savesBeforeThrow: false, // an error of a server route goes through the middleware, and no response comes out of next()
  },
  (visitor, store) => {
    it('a context, a request, a copy of it and nothing give the same session', async () => {
      const response = await visitor().post('/story/same');
      expect(await response.json()).toEqual([true, true, true]);
    });

    it('server functions that a loader calls side by side share a session', async () => {
      const ada = visitor();
      expect((await ada.open('/page/both')).count).toBe(2);
      expect((await ada.open('/')).count).toBe(2);
    });

    it.each([
      ['redirect', 307],
      ['not-found', 404],
      ['error', 500],
    ])('%s, thrown by a server function that a loader calls: what was changed before is saved', async (way, status) => {
      const ada = visitor();
      expect((await ada.send(`/page/${way}`)).status).toBe(status);
      expect((await ada.open('/')).count).toBe(2);
    });

    it('an error that a server function throws: what was changed before is saved', async () => {
      const ada = visitor();
      const { action, fields } = (await ada.open('/page/form')).form('Fail');
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      expect(await (await ada.send(action, { method: 'POST', body })).text()).toContain('boom');
      expect((await ada.open('/')).count).toBe(3);
    });

    it('another site cannot call a server function', async () => {
      const ada = visitor();
      const { action } = (await ada.open('/')).form('Count');
      const init = { method: 'POST', body: new FormData(), headers: { 'Sec-Fetch-Site': 'cross-site' } };
      expect((await ada.send(action, init)).status).toBe(403);
    });

    it.runIf(findChromium() !== undefined)('messages of a preloaded page are there when it is opened', async () => {
      const ada = visitor();
      const { action, fields } = (await ada.open('/')).form('Log in');
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      const { url } = await ada.send(action, { method: 'POST', body });
      const context = await (await openBrowser()).newContext();
      await context.addCookies([...ada.cookies].map(([name, value]) => ({ name, value, url })));
      const page = await context.newPage();
      await page.goto(new URL('/about', url).href, { waitUntil: 'networkidle' });
      const preloaded = page.waitForResponse((response) => response.url().includes('/_serverFn/'));
      await page.getByRole('link', { name: 'Home' }).hover();
      await preloaded;
      await page.getByRole('link', { name: 'Home' }).click();
      await expect.poll(() => page.getByRole('alert').allTextContents()).toEqual(['Wrong password.']);
      await context.close();
    });

    it('a save that fails answers 500', async () => {
      const response = await visitor().send('/page/large');
      expect(response.status).toBe(store === 'cookie' ? 500 : 200); // 10 kB are too much for a cookie
    });

    it('the scripts of a page have nothing of the library, which is for servers', async () => {
      const ada = visitor();
      const scripts = new Set((await ada.text('/')).match(/\/assets\/[\w./-]+\.js/g));
      expect(scripts.size).toBeGreaterThan(0);
      for (const path of scripts) expect([path, (await ada.text(path)).includes('sealring.')]).toEqual([path, false]);
    });

    it('a promise that comes when the response has begun reads the session, and cannot change it', async () => {
      const ada = visitor();
      const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' }; // bots get nothing in pieces
      expect(await ada.text('/page/late', { headers })).toContain('ERR_SESSION_COMMITTED');
      expect((await ada.open('/')).count).toBe(2);
    });
  },
);
