import { index, type RouteConfig, route } from '@react-router/dev/routes';

export default [
  index('routes/home.tsx'),
  route('about', 'routes/about.tsx'),
  route('story/:name', 'story/story.ts'),
  route('page', 'story/page.tsx'),
  route('page/:way', 'story/ways.tsx'),
  route('old', 'story/old.ts'),
  route('alone/old', 'story/old.ts', { id: 'alone' }),
  route('bench/sealring', 'story/bench-sealring.ts'),
  route('bench/core', 'story/bench-core.ts'),
  route('bench/usual', 'story/bench-usual.ts'),
] satisfies RouteConfig;
