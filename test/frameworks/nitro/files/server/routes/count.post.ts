import { defineHandler, redirect } from 'nitro/h3';
import { count } from '../count.ts';

export default defineHandler(async (event) => {
  await count(event);
  return redirect('/', 303);
});
