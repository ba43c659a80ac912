/** What only Next has: a proxy that the page sees, server actions, and a router that fetches pages before and after they are asked for. */
import { expect, it } from 'vitest';
import type { Framework } from '../support/app.ts';
import { type Differences, story } from '../support/story.ts';
import type { Visitor } from '../support/visitor.ts';

const DIFFERENCES: Differences = {
  without: ['etag'], // Next gives pages an ETag, and route handlers none
  savesBeforeThrow: false, // the error page is not an answer of the handler
};

export function nextStory(framework: Pick<Framework, 'folder' | 'base' | 'stores'>): void {
  story({ ...framework, build: ['next', 'build'], start: ['next', 'start'], inBrowser: true }, DIFFERENCES, steps);
}

function steps(visitor: () => Visitor): void {
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

  it('a route handler without a request', async () => {
    const ada = visitor();
    expect(await ada.text('/count', { method: 'POST' })).toBe('1');
    expect((await ada.open('/')).count).toBe(1);
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

  it('a server action: the page that is rendered for it shows its message, once', async () => {
    const ada = visitor();
    const form = (await ada.open('/saved')).form('Save');
    const body = new FormData();
    for (const [name, value] of form.fields) body.append(name, value);
    expect((await ada.open('/saved', { method: 'POST', body })).alerts).toEqual(['Saved.']);
    expect((await ada.open('/saved')).alerts).toEqual([]);
  });

  it('a server action that calls notFound() saves', async () => {
    const ada = visitor();
    const form = (await ada.open('/saved')).form('Find');
    const body = new FormData();
    for (const [name, value] of form.fields) body.append(name, value);
    expect((await ada.send('/saved', { method: 'POST', body })).status).toBe(404);
    expect((await ada.open('/')).count).toBe(1);
  });

  it.each([
    ['a prefetch', { RSC: '1', 'Next-Router-Prefetch': '1' }],
    ['a navigation', { RSC: '1' }],
  ])('%s of the router leaves the messages for the next page', async (_, router) => {
    const ada = visitor();
    await ada.post('/story/flash');
    const headers = { Accept: '*/*', ...router };
    const address = (await ada.send('/', { headers })).headers.get('location'); // with a hash of these headers
    const data = await ada.send(address ?? '/', { headers });
    expect(data.headers.get('content-type')).toBe('text/x-component');
    expect(await data.text()).not.toContain('Later.');
    expect((await ada.open('/')).alerts).toEqual(['Later.']);
    expect((await ada.open('/')).alerts).toEqual([]);
  });

  it('a route handler in the edge runtime', async () => {
    const ada = visitor();
    expect(await ada.text('/edge')).toBe('1');
    expect(await ada.text('/edge')).toBe('2');
  });
}
