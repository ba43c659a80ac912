/** Registers the service worker of the built site; under `astro dev`, and in the copy that is one file, there is none. */
import { trustAddress } from './trusted-address.ts';

if (import.meta.env.PROD && location.protocol !== 'file:' && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register(trustAddress('offline', '/sw.js')).catch(() => {
    // Without it the page works as well, as long as there is a network: private windows refuse it, for one.
  });
}
