/** sealring/h3: what it puts on the event, from which h3 takes the headers. */
import { expect, it } from 'vitest';
import { sessions } from '../../../packages/sessions/src/adapters/h3.ts';
import { cookieStore } from '../../../packages/sessions/src/store/cookie-store.ts';
import { secret } from '../support.ts';

const store = cookieStore({ keys: [secret(1)] });

function eventOf(cookie?: string) {
  const req = new Request('https://example.org/', { headers: cookie === undefined ? {} : { cookie } });
  return { req, res: { headers: new Headers(), errHeaders: new Headers() } };
}

async function count(event: ReturnType<typeof eventOf>): Promise<void> {
  const session = await store.get(event, 'login');
  session.update('n', (n = 0) => n + 1);
}

it('is middleware with two parameters, or h3 would not give it the next one', () => {
  expect(sessions()).toHaveLength(2);
});

it('puts the cookie on the headers of answers and of errors, beside those of others', async () => {
  const event = eventOf();
  event.res.headers.append('Set-Cookie', 'theme=dark');
  const answer = await sessions()(event, async () => {
    await count(event);
    return 'hello';
  });
  expect(answer).toBe('hello');
  expect(event.res.headers.getSetCookie()).toEqual(['theme=dark', expect.stringMatching(/^__Host-login=/)]);
  expect(event.res.errHeaders.getSetCookie()).toEqual([expect.stringMatching(/^__Host-login=/)]);
});

it('knows the headers of an answer, in whose place h3 puts those of the event', async () => {
  const event = eventOf();
  const answer = new Response('hello', { headers: { Vary: 'Accept', 'Cache-Control': 'private' } });
  await sessions()(event, async () => {
    await count(event);
    return answer;
  });
  expect(event.res.headers.get('vary')).toBe('Accept, Cookie');
  expect(event.res.headers.has('cache-control')).toBe(false);
  expect([...answer.headers.keys()].sort()).toEqual(['cache-control', 'content-type', 'vary']);
});

it('puts nothing on an event whose sessions nobody asked for', async () => {
  const event = eventOf();
  await sessions()(event, () => 'hello');
  expect([...event.res.headers, ...event.res.errHeaders]).toEqual([]);
});

it('puts each cookie once where it is used twice', async () => {
  const event = eventOf();
  await sessions()(event, () => sessions()(event, () => count(event)));
  expect(event.res.headers.getSetCookie()).toHaveLength(1);
});

it('returns a redirect that is thrown, and throws on what else is thrown', async () => {
  const redirect = Object.assign(new Error('moved'), { status: 302, headers: new Headers({ location: '/login' }) });
  const event = eventOf();
  const answer = await sessions()(event, async () => {
    await count(event);
    throw redirect;
  });
  expect(answer).toMatchObject({ status: 302 });
  expect(event.res.headers.getSetCookie()).toHaveLength(1);

  const other = eventOf();
  const failing = sessions()(other, async () => {
    await count(other);
    throw new Error('boom');
  });
  await expect(failing).rejects.toThrow('boom');
  expect(other.res.errHeaders.getSetCookie()).toEqual([]);
});

it('throws the error of a save', async () => {
  const event = eventOf();
  const failing = sessions()(event, async () => {
    const session = await store.get(event, 'login');
    session.set('text', 'x'.repeat(10_000));
  });
  await expect(failing).rejects.toMatchObject({ code: 'ERR_SESSION_TOO_LARGE' });
});
