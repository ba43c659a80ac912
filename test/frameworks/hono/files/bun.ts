import { serveStatic, upgradeWebSocket, websocket } from 'hono/bun';
import { story } from './story.ts';

const { fetch } = story(upgradeWebSocket, serveStatic({ root: './public' }));
export default { fetch, websocket, port: Number(process.env.PORT), hostname: process.env.HOST };
