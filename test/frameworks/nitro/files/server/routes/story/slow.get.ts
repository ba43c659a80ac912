import { defineHandler } from 'nitro/h3';
import { count, wait } from '../../count.ts';

export default defineHandler(async (event) => {
  await count(event);
  await wait(200);
  return 'late';
});
