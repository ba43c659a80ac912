import { defineHandler, handleCacheHeaders } from 'nitro/h3';
import { login } from '../../sessions.ts';

export default defineHandler(async (event) => {
  const session = await login.get(event);
  if (handleCacheHeaders(event, { etag: '"1"' })) return;
  return `user ${session.subject}`;
});
