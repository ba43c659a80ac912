/** Keeps Nitro's handler as it is before `sealring/nuxt` adds to it, for the two routes of the benchmark that do without. */
import type { Nuxt } from 'nuxt/schema';

export default (_options: object, { options }: Nuxt) => {
  options.nitro.plugins?.unshift(`${options.rootDir}/server/bench/before.ts`);
};
