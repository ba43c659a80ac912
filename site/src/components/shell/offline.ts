/** Registers the service worker of the built site; under `astro dev`, and in the copy that is one file, there is none. */
import { isOneFile } from '../../playground/proof/page-policy.ts';
import { trustAddress } from './trusted-address.ts';

async function register(): Promise<void> {
  if (!import.meta.env.PROD || isOneFile() || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(trustAddress('offline', '/sw.js'));
}

// Without it the page works as well, as long as there is a network: private windows refuse it, for one.
register().catch(() => {});
