import { defineHandler, iterable } from 'nitro/h3';
import { count, wait } from '../../count.ts';

export default defineHandler(async (event) => {
  await count(event);
  return await iterable(lines());
});

async function* lines() {
  for (const line of ['one\n', 'two\n', 'three\n']) {
    yield line;
    await wait(5);
  }
}
