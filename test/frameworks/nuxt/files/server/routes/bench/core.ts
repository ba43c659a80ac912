import { saveBeforeHeaders } from 'sealring';

export default defineEventHandler(async (event) => {
  saveBeforeHeaders(event.node.req, event.node.res);
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return 'hello';
});
