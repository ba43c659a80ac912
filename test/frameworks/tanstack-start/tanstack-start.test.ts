import { expect, it } from 'vitest';
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
