import { defineHandler, HTTPError } from 'nitro/h3';
import { count } from '../../count.ts';

export default defineHandler(async (event) => {
  await count(event);
  throw new HTTPError({ status: 302, headers: { location: '/' } });
});
