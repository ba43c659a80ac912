import { serverFetch } from 'nitro/app';
import { defineHandler } from 'nitro/h3';

// Within the server, by a request of its own.
export default defineHandler((event) =>
  serverFetch('/story/count', { method: 'POST', headers: { cookie: event.req.headers.get('cookie') ?? '' } }),
);
