/** What only SvelteKit has. */
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { StoreKind } from '../support/app.ts';
import type { Visitor } from '../support/visitor.ts';

export function chapters(visitor: () => Visitor, store: StoreKind): void {
  it('event.fetch() to a route of the app: one session, saved once', async () => {
    const ada = visitor();
    expect((await ada.open('/story/inner')).text).toMatch(/1 3 1 1$/);
    expect([...ada.cookies.keys()].sort()).toEqual(['login', 'theme']);
    expect((await ada.open('/story/inner')).text).toMatch(/4 6 1 1$/);
    expect((await ada.open('/')).count).toBe(6);
  });

  it('a later hook that throws redirect()', async () => {
    const ada = visitor();
    const json = { Accept: 'application/json' };
    const enhanced = await ada.send('/story/guarded', { method: 'POST', headers: json, body: new URLSearchParams() });
    expect(await enhanced.json()).toMatchObject({ type: 'redirect', location: '/' });
    expect(enhanced.headers.getSetCookie()).toHaveLength(1);
    expect((await ada.open('/')).alerts).toEqual(['Log in first.']);
    const data = await ada.send('/story/guarded/__data.json');
    expect(await data.json()).toMatchObject({ type: 'redirect', location: '/' });
    expect((await ada.open('/')).alerts).toEqual(['Log in first.']);
    expect((await ada.open('/story/guarded')).alerts).toEqual(['Log in first.']);
  });

  it('remote functions', async () => {
    const ada = visitor();
    const { action } = (await ada.open('/story/remote')).form('Add');
    const page = await ada.open(new URL(action, 'http://host/story/remote').href.slice('http://host'.length), {
      method: 'POST',
      body: new FormData(),
    });
    expect(page.count).toBe(1);
    expect((await ada.open('/')).count).toBe(1);
  });

  it('a message of a form action in the page that it answers, once', async () => {
    const ada = visitor();
    const page = await ada.open('/story/message', { method: 'POST', body: new URLSearchParams() });
    expect(page.alerts).toEqual(['Saved.']);
    expect((await ada.open('/story/message')).alerts).toEqual([]);
  });

  it('a streamed promise: messages from a backend, and no changes', async () => {
    const ada = visitor();
    await ada.send('/story/guarded');
    const html = await (await ada.send('/story/inner/streamed')).text();
    expect(html).toContain(
      store === 'server' ? 'Log in first. ERR_SESSION_COMMITTED 500' : ' ERR_SESSION_COMMITTED 500',
    );
    await eventually(async () => {
      const page = await ada.open('/', { headers: { 'Sec-Purpose': 'prefetch' } }); // it only looks
      expect(page.alerts).toEqual(store === 'server' ? [] : ['Log in first.']);
      expect(page.count).toBe(0);
    });
  });

  it('preloaded data of a page takes its messages, as nothing tells it from data of a visit', async () => {
    const ada = visitor();
    await ada.send('/story/guarded');
    expect(await ada.text('/__data.json?x-sveltekit-invalidated=01')).toContain('Log in first.');
    expect((await ada.open('/')).alerts).toEqual([]);
  });
}
