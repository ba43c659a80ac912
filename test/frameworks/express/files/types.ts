/** What editors know in a handler. */

import { expectTypeOf } from 'expect-type';
import { type RequestHandler, type Response, Router } from 'express';
import { type SessionProperty, sessions } from 'sealring/express';
import { login } from './sessions.ts';

expectTypeOf(sessions()).toExtend<RequestHandler>();
sessions({ onError: (_, res: Response) => res.status(500).send('Try again.') });

Router().get('/', async (req) => {
  const session = await login.get(req);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
});

// `req.session` is declared by @types/cookie-session here, so the property has another name.
declare global {
  namespace Express {
    interface Request {
      visit: SessionProperty<typeof login>;
    }
  }
}

expectTypeOf(sessions({ property: 'visit', session: login })).toExtend<RequestHandler>();
// @ts-expect-error: no session
sessions({ property: 'visit', session: {} });

Router().get('/', async (req) => {
  expectTypeOf(req.visit.count).toEqualTypeOf<number | undefined>();
  expectTypeOf(req.visit.cookie.maxAge).toEqualTypeOf<number | null>();
  expectTypeOf(req.visit.save()).toEqualTypeOf<Promise<void>>();
  req.visit.regenerate((error) => expectTypeOf(error).toEqualTypeOf<unknown>());
  // @ts-expect-error: no such value
  req.visit.other;
});
