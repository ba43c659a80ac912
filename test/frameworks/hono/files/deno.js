// JavaScript, as the types of "hono/deno" need those of Deno, which do not agree with those of Node.js.
import { serveStatic, upgradeWebSocket } from 'hono/deno';
import { story } from './story.ts';

const { fetch } = story(upgradeWebSocket, serveStatic({ root: './public' }));
Deno.serve({ port: Number(process.env.PORT), hostname: process.env.HOST }, (request) => fetch(request));
