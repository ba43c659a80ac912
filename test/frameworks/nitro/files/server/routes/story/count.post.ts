import { defineHandler } from 'nitro/h3';
import { count } from '../../count.ts';

export default defineHandler((event) => count(event));
