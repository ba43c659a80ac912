import { serveStatic } from 'hono/bun';
import { story } from './story.ts';

const { fetch } = story(serveStatic({ root: './public' }));
export default { fetch, port: Number(process.env.PORT), hostname: process.env.HOST };
