/** What only React Router has. */
import { expect, it } from 'vitest';
import type { StoreKind } from '../support/app.ts';
import type { Visitor } from '../support/visitor.ts';

export function chapters(visitor: () => Visitor, store: StoreKind): void {
  it('args, a request, a copy of it, the context and nothing give the same session', async () => {
    const response = await visitor().post('/story/same');
    expect(await response.json()).toEqual([true, true, true, true]);
  });

  it('an action that does not redirect: the loaders see what it has changed, and change it further', async () => {
    const ada = visitor();
    const page = await ada.open('/page', { method: 'POST', body: new URLSearchParams() });
    expect([page.count, page.alerts]).toEqual([2, ['From the action.']]);
    const again = await ada.open('/page');
    expect([again.count, again.alerts]).toEqual([3, []]);
  });

  it('middleware that changes the session and redirects', async () => {
    const page = await visitor().open('/page/guarded');
    expect(page.alerts).toEqual(['Please log in.']);
  });

  it('requests for data: what a visitor with scripts sends', async () => {
    const ada = visitor();
    await ada.send('/page.data', { method: 'POST', body: new URLSearchParams() });
    const response = await ada.send('/page.data');
    expect(await response.text()).toContain('From the action.');
    expect((await ada.open('/page')).count).toBe(3);
  });

  it('a prefetch of data leaves the messages', async () => {
    const ada = visitor();
    await ada.send('/page.data', { method: 'POST', body: new URLSearchParams() });
    await ada.send('/page.data', { headers: { 'Sec-Purpose': 'prefetch' } });
    expect((await ada.open('/page')).alerts).toEqual(['From the action.']);
  });

  it.each([
    ['redirect', 302, 202],
    ['data', 404, 404],
    ['error', 500, 500],
  ])('throw %s: what was changed before is saved', async (way, status, statusOfData) => {
    const ada = visitor();
    expect((await ada.send(`/page/${way}`)).status).toBe(status);
    expect((await ada.send(`/page/${way}.data`)).status).toBe(statusOfData);
    expect((await ada.open('/')).count).toBe(2);
  });

  it('a promise that comes when the response has begun reads the session, and cannot change it', async () => {
    const ada = visitor();
    const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' }; // bots get nothing in pieces
    expect(await ada.text('/page/late', { headers })).toContain('ERR_SESSION_COMMITTED');
    expect((await ada.open('/')).count).toBe(1);
  });

  it('a save that fails answers 500, as an error of a loader does', async () => {
    const response = await visitor().send('/page/large');
    expect(response.status).toBe(store === 'cookie' ? 500 : 200); // 10 kB are too much for a cookie
  });

  it.each(['/old', '/alone/old'])('%s: code for createCookieSessionStorage', async (path) => {
    const ada = visitor();
    expect(await ada.text(path)).toBe('{}');
    expect((await ada.post(path)).status).toBe(302);
    expect(await ada.text(path)).toBe('{"count":1,"error":"Once."}');
    expect(await ada.text(path)).toBe('{"count":1}');
    await ada.post(path);
    expect((await ada.open('/')).count).toBe(2); // others see the same session
    const thief = ada.copy();
    const response = await ada.send(path, { method: 'DELETE' });
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^login=;.* Max-Age=0/)]);
    expect((await thief.open('/')).count).toBe(store === 'server' ? 0 : 2);
  });

  it('/old: no empty Set-Cookie', async () => {
    const ada = visitor();
    expect((await ada.send('/old')).headers.getSetCookie()).toEqual([]);
    // Whole seconds are left of the 3600, and one may end before the session is saved.
    const line = expect.stringMatching(/^login=.* Max-Age=(3600|3599);/);
    expect((await ada.post('/old')).headers.getSetCookie()).toEqual([line]);
  });

  it('a message that old code has left is found by new code', async () => {
    const ada = visitor();
    await ada.post('/alone/old');
    expect(await ada.text('/story/flashes')).toBe('Once.');
  });
}
