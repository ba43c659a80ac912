import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { story } from '../support/story.ts';

story(
  {
    folder: 'astro',
    sessions: 'src/sessions.ts',
    build: ['astro', 'build'],
    check: ['tsc', '--noEmit'], // not the types of libraries: Astro's own have faults, and names that nothing declares
    start: ['node', 'dist/server/entry.mjs'],
    inBrowser: true,
  },
  { savesBeforeThrow: false }, // Astro gives the middleware the error itself, and answers for it afterwards
  (visitor, store) => {
    it('messages in a component: a page that is whole, once from a backend, and from a cookie only in time', async () => {
      const ada = visitor();
      await ada.post('/story/message');
      const page = await ada.open('/story/component');
      expect(page.alerts).toEqual(store === 'server' ? ['Saved.'] : []);
      expect(page.text).toContain('The end.');
      await eventually(async () => {
        const { alerts } = await ada.open('/', { headers: { 'Sec-Purpose': 'prefetch' } }); // it only looks
        expect(alerts).toEqual(store === 'server' ? [] : ['Saved.']);
      });
      expect((await ada.open('/')).alerts).toEqual(store === 'server' ? [] : ['Saved.']);
      expect((await ada.open('/story/component')).alerts).toEqual([]);
    });

    it('a page for errors: it sees the session as it was before', async () => {
      const ada = visitor();
      await ada.logIn();
      expect(await (await ada.send('/story/throw')).text()).toContain('Something went wrong, ada.');
      const before = ada.copy();
      const page = await (await ada.send('/story/throw-after-logout')).text();
      expect(page).toContain(store === 'server' ? 'whoever you are' : 'ada');
      expect((await before.open('/')).text.includes('Hello ada')).toBe(store === 'cookie');
    });

    it('a rewrite, and a later middleware', async () => {
      const ada = visitor();
      expect((await ada.open('/story/rewrites')).count).toBe(2);
      expect((await ada.open('/story/rewrites')).count).toBe(14);
      expect((await ada.open('/')).count).toBe(24);
      expect([...ada.cookies.keys()]).toEqual(['login']);
    });

    it('an action that scripts in the browser call', async () => {
      const ada = visitor();
      const response = await ada.send('/_actions/count', { method: 'POST', body: new FormData() });
      expect(response.status).toBe(204);
      expect((await ada.open('/')).count).toBe(1);
    });

    it('a page that is built ahead', async () => {
      const response = await visitor().send('/story/prerendered/');
      expect(await response.text()).toContain('Built ahead.');
      expect(response.headers.getSetCookie()).toEqual([]);
    });

    it("Astro's own sessions", async () => {
      const ada = visitor();
      expect(await ada.text('/story/own-sessions')).toBe('1');
      expect(await ada.text('/story/own-sessions')).toBe('2');
      expect([...ada.cookies.keys()]).toEqual(['astro-session']);
    });
  },
);
