/** Cookies as the stores write them, explained: what the inspector knows of the session layer is still so. */
import { type Explanation, explain } from '@sealring/inspect';
import { type CookieStoreOptions, cookieStore, memory, type Session, type Store, save, serverStore } from 'sealring';
import { describe, expect, it } from 'vitest';

const key = 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS';
const start = 1_767_225_600;
const options = { keys: [key], now: () => start };

/** The Cookie header that comes back for what `change` does to a session. */
async function cookieOf(store: Pick<Store, 'get'>, change: (session: Session) => void): Promise<string> {
  const request = new Request('https://a.example/');
  change(await store.get(request, 'login'));
  const response = await save(request, new Response());
  const pairs = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return `Cookie: theme=dark; ${pairs.join('; ')}`;
}

function explained(header: string): Explanation {
  return explain(header, { secrets: [key], now: start + 60 });
}

function storeOf(more: Partial<CookieStoreOptions> = {}): Store {
  return cookieStore({ ...options, ...more });
}

describe('explain() of', () => {
  it('a session in a cookie', async () => {
    const header = await cookieOf(storeOf(), (session) => {
      session.set('userId', 42);
      session.addFlash('hello', 'info');
    });
    const { opened, verdict, cookies, chosen } = explained(header);
    expect(verdict.state).toBe('opens');
    expect(cookies[chosen]?.name).toBe('__Host-login');
    expect(opened).toMatchObject({ purpose: 'sealring:cookie:__Host-login' });
    expect(opened?.session).toMatchObject({
      kind: 'session',
      createdAt: start,
      values: { userId: 42 },
      flashes: new Map([['info', ['hello']]]),
    });
  });

  it('a session that is split over three cookies', async () => {
    const text = Array.from({ length: 1500 }, (_, at) => at.toString(36)).join('-');
    const header = await cookieOf(storeOf({ chunks: 3 }), (session) => session.set('text', text));
    const { opened, cookies, chosen } = explained(header);
    expect(cookies[chosen]).toMatchObject({ name: '__Host-login', missing: [] });
    expect(cookies[chosen]?.chunks).toBeGreaterThan(1);
    expect(opened?.session).toMatchObject({ kind: 'session', values: { text } });
  });

  it('the cookie of a server store', async () => {
    const store = serverStore({ ...options, backend: memory() });
    const { opened, verdict } = explained(await cookieOf(store, (session) => session.set('userId', 42)));
    expect(opened?.session).toEqual({ kind: 'id' });
    expect(verdict.details).toContain('It holds only an id; the data is on the server.');
  });

  it('a session whose cookie was renamed', async () => {
    const header = await cookieOf(storeOf(), (session) => session.set('userId', 42));
    const { verdict } = explained(header.replace('__Host-login', 'login'));
    expect(verdict).toMatchObject({ state: 'refused', headline: 'Genuine, but sealed for the cookie “__Host-login”.' });
  });
});
