import { defineMiddleware, sequence } from 'astro:middleware';
import { save } from 'sealring';
import { sessions } from 'sealring/astro';
import { login } from './sessions.ts';

const theme = defineMiddleware((context, next) => {
  if (context.url.pathname === '/story/two') context.cookies.set('theme', 'dark', { path: '/' });
  return next();
});

/** Changes the session when the page has answered. */
const after = defineMiddleware(async (context, next) => {
  const { pathname } = context.url;
  const response = await next();
  if (pathname !== '/story/rewrites') return response;
  const session = await login.get(context);
  session.update('count', (n = 0) => n + 10);
  return response;
});

const story = sequence(sessions(), theme, after);

const core = defineMiddleware(async (context, next) => await save(context.request, await next()));

/** What is compared for speed runs without the others. */
export const onRequest = defineMiddleware((context, next) => {
  const { pathname } = context.url;
  if (pathname === '/bench/usual') return next();
  return pathname === '/bench/core' ? core(context, next) : story(context, next);
});
