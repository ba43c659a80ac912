import { upgradeWebSocket } from 'hono/cloudflare-workers';
import { story } from './story.ts';

const { fetch } = story(upgradeWebSocket);
export default { fetch };
