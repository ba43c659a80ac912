import { defineHandler, setCookie } from 'nitro/h3';
import { count } from '../../count.ts';
import { cart } from '../../sessions.ts';

export default defineHandler(async (event) => {
  setCookie(event, 'theme', 'dark');
  const items = await cart.get(event);
  items.update('items', (n = 0) => n + 1);
  return `${await count(event)} ${items.get('items')}`;
});
