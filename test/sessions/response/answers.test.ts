import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../packages/sessions/src/response/answers.ts';

/** Errors as Next throws them. */
function digest(text: string): Error {
  return Object.assign(new Error(text.replace(/;.*/, '')), { digest: text });
}

class Redirect {
  readonly status: number;
  readonly location: string;
  constructor(status: number, location: string) {
    this.status = status;
    this.location = location;
  }
}

describe('answerOf()', () => {
  it.each([
    ['a redirect', Response.redirect('https://a.example/home', 303)],
    ['any Response', new Response('no', { status: 404 })],
    [
      'a Response with properties, as TanStack throws',
      Object.assign(new Response(null, { status: 307 }), { options: {} }),
    ],
  ])('returns %s that was thrown', (_name, thrown) => {
    expect(answerOf(thrown)).toBe(thrown);
  });

  it.each([
    { name: 'redirect()', thrown: digest('NEXT_REDIRECT;replace;/who;307;'), status: 307, location: '/who' },
    { name: 'permanentRedirect()', thrown: digest('NEXT_REDIRECT;push;/;308;'), status: 308, location: '/' },
    {
      name: 'redirect() to an address with semicolons',
      thrown: digest('NEXT_REDIRECT;replace;https://a.example/x;a=1;b?c;303;'),
      status: 303,
      location: 'https://a.example/x;a=1;b?c',
    },
    { name: 'notFound()', thrown: digest('NEXT_HTTP_ERROR_FALLBACK;404'), status: 404, location: null },
    { name: 'forbidden()', thrown: digest('NEXT_HTTP_ERROR_FALLBACK;403'), status: 403, location: null },
    { name: 'notFound() of version 14', thrown: digest('NEXT_NOT_FOUND'), status: 404, location: null },
  ])('returns the response that Next makes of $name', ({ thrown, status, location }) => {
    const answer = answerOf(thrown);
    expect([answer?.status, answer?.headers.get('Location'), answer?.body]).toEqual([status, location, null]);
  });

  it.each([
    { name: 'of SvelteKit', thrown: new Redirect(303, '/home') },
    { name: 'with a statusCode', thrown: Object.assign(new Error(), { statusCode: 303, location: '/home' }) },
    { name: 'with Headers', thrown: { status: 303, headers: new Headers({ Location: '/home' }) } },
    { name: 'with a record of headers', thrown: { status: 303, headers: { Location: '/home' } } },
    {
      name: 'of Hono, which makes its response itself',
      thrown: Object.assign(new Error(), {
        status: 303,
        getResponse: () => new Response(null, { status: 303, headers: { Location: '/home' } }),
      }),
    },
  ])('returns a response for a redirect $name', ({ thrown }) => {
    const answer = answerOf(thrown);
    expect([answer?.status, answer?.headers.get('Location')]).toEqual([303, '/home']);
  });

  it.each([
    ['an error', new Error('no')],
    ['nothing', undefined],
    ['null', null],
    ['a string', 'NEXT_REDIRECT;replace;/;307;'],
    ['an error with a status', Object.assign(new Error(), { status: 401, location: '/login' })],
    ['the failure of an own request, which has no address', Object.assign(new Error(), { status: 304 })],
    ['a status that is no integer', { status: 303.5, location: '/' }],
    ['another digest', digest('DYNAMIC_SERVER_USAGE')],
    ['a broken digest', digest('NEXT_REDIRECT;replace')],
    ['a digest without a status', digest('NEXT_HTTP_ERROR_FALLBACK')],
  ])('returns nothing for %s', (_name, thrown) => {
    expect(answerOf(thrown)).toBeUndefined();
  });
});
