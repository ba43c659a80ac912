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
  (visitor) => {
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

    it('a promise that comes when the response has begun reads the session, and cannot change it', async () => {
      const ada = visitor();
      const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' }; // bots get nothing in pieces
      expect(await ada.text('/page/late', { headers })).toContain('ERR_SESSION_COMMITTED');
      expect((await ada.open('/')).count).toBe(2);
    });
  },
);
