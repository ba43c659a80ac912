/** Nuxt 4: a module, which runs when the app is built. What runs in the app's server is in `nuxt/plugin.ts`. */

import { checkOptions } from '../options.ts';

/** Nuxt, as far as its modules are concerned here. */
interface Nuxt {
  readonly options: { readonly nitro: { plugins?: (string | undefined)[] | undefined } };
}

/**
 * Module that saves what server routes have changed, before the headers of the response are sent. What `useFetch` changes while a page is rendered is saved
 * by the response of the page. It has no options: the hook `error` of Nitro is told why a save failed.
 *
 * @throws {TypeError} if an option is given.
 * @example
 * ```ts no-check it needs Nuxt
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ['sealring/nuxt'] });
 * ```
 */
export function sessions(options: Readonly<Record<never, never>>, nuxt: Nuxt): void {
  checkOptions('sealring/nuxt', options, []);
  const { nitro } = nuxt.options;
  nitro.plugins = [...(nitro.plugins ?? []), `${import.meta.dirname}/nuxt-plugin.js`]; // Nitro wants a path, and reads file names as text
}

export { sessions as default }; // Nuxt looks for a module there
