import { redirect } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { save } from 'sealring';
import { sessions } from 'sealring/sveltekit';
import { handleSession } from 'svelte-kit-cookie-session';
import { login } from './lib/server/sessions.ts';

/** SvelteKit 2 and 3 export the type from different modules. */
type Handle = Parameters<typeof sequence>[0];

const theme: Handle = ({ event, resolve }) => {
  if (event.url.pathname === '/story/two') event.cookies.set('theme', 'dark', { path: '/', secure: false });
  return resolve(event);
};

const guard: Handle = async ({ event, resolve }) => {
  if (!event.url.pathname.startsWith('/story/guarded')) return await resolve(event);
  const session = await login.get(event);
  session.addFlash('Log in first.');
  redirect(303, '/');
};

const story = sequence(sessions(), theme, guard);
const usual = handleSession({ secret: 'thirty-two characters to compare' });
const ours = sessions();
const core: Handle = async ({ event, resolve }) => save(event.request, await resolve(event));

/** What is compared for speed runs without the others. */
export const handle: Handle = (input) => {
  if (input.event.url.pathname === '/bench/usual') return usual(input);
  if (input.event.url.pathname === '/bench/sealring') return ours(input);
  if (input.event.url.pathname === '/bench/core') return core(input);
  return story(input);
};
