/** One request and its answer in one call, for tests in which nothing between the two matters. */
import { save } from '../../../packages/sessions/src/response/save.ts';
import type { Session } from '../../../packages/sessions/src/session/session.ts';
import type { Store } from '../../../packages/sessions/src/store/store.ts';
import { Browser } from '../support.ts';

/** A request of the browser: the session of that name, what is done to it, the save. @returns the Set-Cookie lines. */
export async function visit(
  store: Store,
  browser: Browser,
  use: (session: Session) => unknown,
  name = 'a',
): Promise<string[]> {
  const response = await browser.visit(async (request) => {
    await use(await store.get(request, name));
    return save(request, new Response());
  });
  return response.headers.getSetCookie();
}

/** A browser that has been given a session with these values. */
export async function browserWith(
  store: Store,
  values: Readonly<Record<string, unknown>>,
  name = 'a',
): Promise<Browser> {
  const browser = new Browser();
  const fill = (session: Session) => {
    for (const [key, value] of Object.entries(values)) session.set(key, value);
  };
  await visit(store, browser, fill, name);
  return browser;
}

/** What a store makes of a Cookie header as it came, also of one that no Request would take. */
export function present(store: Store, cookie: string, name = 'a'): Promise<Session> {
  return store.get({ headers: { cookie } }, name);
}
