import { createEventStream, defineHandler } from 'nitro/h3';
import { count, nextEvent } from '../../count.ts';

export default defineHandler(async (event) => {
  await count(event);
  const stream = createEventStream(event);
  nextEvent.addEventListener('next', () => stream.push('second').then(() => stream.close()), { once: true });
  void stream.push('first');
  return stream;
});
