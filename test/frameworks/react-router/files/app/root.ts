/** Found before root.tsx, which is the example's: what it has, a middleware that asks for the session, and one that sets a cookie. */
import { type MiddlewareFunction, redirect } from 'react-router';
import Example, { middleware as ofExample } from './root.tsx';
import { login } from './sessions';

export default Example;

/** Without the example's middleware. */
const APART: readonly string[] = ['/alone/old', '/bench/core', '/bench/usual'];

const [saving] = ofExample;

export const middleware: MiddlewareFunction<Response>[] = [
  (args, next) => (APART.includes(new URL(args.request.url).pathname) ? next() : saving?.(args, next)),
  async (args, next) => {
    if (!args.request.url.endsWith('/page/guarded')) return next();
    const session = await login.get(args);
    session.addFlash('Please log in.');
    throw redirect('/');
  },
  async ({ request }, next) => {
    const response = await next();
    if (request.url.endsWith('/story/two')) response.headers.append('Set-Cookie', 'theme=dark; Path=/');
    return response;
  },
];
