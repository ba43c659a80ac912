import { serve, upgradeWebSocket } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { WebSocketServer } from 'ws';
import { story } from './story.ts';

const { fetch } = story(upgradeWebSocket, serveStatic({ root: './public' }));
const websocket = { server: new WebSocketServer({ noServer: true }) };
serve({ fetch, websocket, port: Number(process.env.PORT), hostname: process.env.HOST });
