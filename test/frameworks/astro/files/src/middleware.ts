import { defineMiddleware, sequence } from 'astro:middleware';
import { save } from 'sealring';
import { sessions } from 'sealring/astro';

const theme = defineMiddleware((context, next) => {
  if (context.url.pathname === '/story/two') context.cookies.set('theme', 'dark', { path: '/' });
  return next();
});

const story = sequence(sessions(), theme);

/** What is compared for speed runs without the others. */
export const onRequest = defineMiddleware(async (context, next) => {
  const { pathname } = context.url;
  if (pathname === '/bench/usual') return await next();
  if (pathname === '/bench/core') return await save(context.request, await next());
  return await story(context, next);
});
