import { describe } from 'vitest';
import { story } from '../support/story.ts';

describe.each([
  { gateway: 'http', errorStatus: 500 },
  // These answer with 502 when a function fails.
  { gateway: 'rest', errorStatus: 502 },
  { gateway: 'alb', errorStatus: 502 },
  { gateway: 'albMultiValue', errorStatus: 502 },
])('$gateway:', ({ gateway, errorStatus }) => {
  story(
    {
      folder: 'lambda',
      build: ['esbuild', 'story.ts', '--bundle', '--platform=node', '--format=esm', '--outfile=dist/index.mjs'],
      start: ['node', 'gateway.ts', gateway],
    },
    {
      errorStatus,
      // A failed invocation has no result that could carry a cookie.
      savesBeforeThrow: false,
      // Files come from elsewhere.
      staticFile: undefined,
      // API Gateway and load balancers take whole answers, and no gateway knows ETags. There is no usual library.
      without: ['events', 'etag', 'usual'],
    },
  );
});
