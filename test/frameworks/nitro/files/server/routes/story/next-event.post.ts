import { defineHandler, noContent } from 'nitro/h3';
import { nextEvent } from '../../count.ts';

export default defineHandler(() => {
  nextEvent.dispatchEvent(new Event('next'));
  return noContent();
});
