/** The tokens in the documentation's links to the playground: each opens, or is refused for the reason that its row of a table begins with. */
import { createSealer } from '@sealring/codec';
import { cookieStore } from 'sealring';
import { describe, expect, it } from 'vitest';
import { read } from '../../support/repository.ts';
import { listDocs } from './pages.ts';

/** The playground's built-in keys, by the first of their 32 bytes. */
const DEMO_KEYS = new Map([
  ['demo-1', 0x00],
  ['demo-2', 0x20],
]);

const links = listDocs().flatMap((page) =>
  [...read(page).matchAll(/^(?:\| `([\w-]+)` \|)?.*?\]\(\/playground\/#([^)]+)\)/gm)].map(
    ([, rejected, fragment = '']) => ({ page, rejected, parameters: new URLSearchParams(fragment) }),
  ),
);
const cookies = links.filter(({ parameters }) => parameters.has('name'));
const tokens = links.filter(({ parameters }) => parameters.has('purpose') && parameters.has('token'));

describe('links to the playground', () => {
  it('are there', () => expect(cookies.length).toBeGreaterThan(0));

  it.each(links)('say what to show, and no key but a built-in one: $page', ({ parameters }) => {
    const known = ['view', 'token', 'name', 'purpose', 'context', 'now', 'max-age', 'key'];
    expect(known).toEqual(expect.arrayContaining([...parameters.keys()]));
    expect(['open', 'seal', 'rotate', 'header']).toContain(parameters.get('view'));
    if (parameters.has('key')) expect([...DEMO_KEYS.keys()]).toContain(parameters.get('key'));
  });

  it.each(cookies)('hold a cookie that is $rejected: $page', async ({ rejected, parameters }) => {
    const cookieName = parameters.get('name') ?? '';
    const name = cookieName.replace(/^__Host-/, '');
    const now = () => Number(parameters.get('now'));
    const store = cookieStore({ keys: keysOf(parameters), now, cookie: { secure: name !== cookieName } });
    const headers = new Headers({ cookie: `${cookieName}=${parameters.get('token')}` });
    const session = await store.get({ headers }, name);
    expect(session.rejected).toBe(rejected);
    expect(session.isNew).toBe(rejected !== undefined);
  });

  it.each(tokens)('hold a token that is $rejected: $page', ({ rejected, parameters }) => {
    const sealer = createSealer({ keys: keysOf(parameters), purpose: parameters.get('purpose') ?? '' });
    const [now, maxAge, context] = ['now', 'max-age', 'context'].map((name) => parameters.get(name));
    const opened = sealer.safeOpen(parameters.get('token') ?? '', {
      ...(now && { now: Number(now) }),
      ...(maxAge && { maxAge: Number(maxAge) }),
      ...(context && { context }),
    });
    expect(opened.ok ? undefined : opened.code).toBe(rejected);
  });
});

function keysOf(parameters: URLSearchParams): Uint8Array[] {
  const first = DEMO_KEYS.get(parameters.get('key') ?? '') ?? 0;
  return [Uint8Array.from({ length: 32 }, (_, at) => first + at)];
}
