import { expect, it } from 'vitest';
import { story } from '../support/story.ts';

story(
  { folder: 'next', build: ['next', 'build'], start: ['next', 'start'], inBrowser: true },
  {
    without: ['etag'], // Next gives pages an ETag, and route handlers none
    savesBeforeThrow: false, // the error page is not an answer of the handler
  },
  (visitor) => {
    it('a page sees what the proxy has changed, and the visitor keeps it', async () => {
      const ada = visitor();
      expect((await ada.open('/proxied')).count).toBe(1);
      expect((await ada.open('/')).count).toBe(1);
      expect([...ada.cookies.keys()].sort()).toEqual(['login', 'theme']);
    });

    it('a route handler adds to what the proxy has changed', async () => {
      const ada = visitor();
      expect(await ada.text('/proxied/handler')).toBe('2');
      expect(await ada.text('/proxied/handler')).toBe('4');
    });

    it('a proxy that redirects saves', async () => {
      const ada = visitor();
      expect((await ada.open('/proxied/redirect')).count).toBe(1);
    });

    it('notFound() saves', async () => {
      const ada = visitor();
      expect((await ada.send('/story/not-found')).status).toBe(404);
      expect((await ada.open('/')).count).toBe(1);
    });

    it('a route handler in the edge runtime', async () => {
      const ada = visitor();
      expect(await ada.text('/edge')).toBe('1');
      expect(await ada.text('/edge')).toBe('2');
    });
  },
);
