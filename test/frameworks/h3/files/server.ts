/** Node.js, Deno and Bun: each has a `serve` of h3's own. */
import { serve } from 'h3';
import { all } from './story.ts';

serve(all, { port: Number(process.env.PORT), hostname: process.env.HOST ?? '' });
