/** The example's middleware, and another one that sets a cookie. */
import { createMiddleware, createStart } from '@tanstack/react-start';
import { setCookie } from '@tanstack/react-start/server';
import { startInstance as example } from './start';

/** Routes that have no part in the example's middleware. */
const APART: readonly string[] = ['/bench/core', '/bench/usual'];

const theme = createMiddleware().server(({ next, pathname }) => {
  if (pathname === '/story/two') setCookie('theme', 'dark', { path: '/' });
  return next();
});

export const startInstance = createStart(async () => {
  const { requestMiddleware = [] } = await example.getOptions();
  const onServer = requestMiddleware.filter((one) => one !== undefined); // in a browser createCsrfMiddleware() gives none
  const unlessApart = onServer.map(({ options: { server } }) =>
    createMiddleware().server((context) =>
      APART.includes(context.pathname) || server === undefined ? context.next() : server(context),
    ),
  );
  return { requestMiddleware: [...unlessApart, theme] };
});
