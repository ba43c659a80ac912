import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { story } from './story.ts';

const { fetch } = story(serveStatic({ root: './public' }));
serve({ fetch, port: Number(process.env.PORT), hostname: process.env.HOST });
