/**
 * Keeps a list of files, so that the playground opens without a network. A request for anything else is none of its
 * business. The build writes the list and the version in.
 */
const files = ['FILES'];
const cacheName = 'sealring-VERSION';

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(cacheName);
    // What has a hash in its name cannot be old, and the page has just loaded it.
    const modeOf = (file) => (file.startsWith('/_astro/') ? 'default' : 'reload');
    await cache.addAll(files.map((file) => new Request(file, { cache: modeOf(file) })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const clean = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('sealring-') && name !== cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
  };
  event.waitUntil(clean());
});

self.addEventListener('fetch', (event) => {
  const { origin, pathname, search } = new URL(event.request.url);
  const isKept = event.request.method === 'GET' && origin === self.location.origin && search === '';
  if (!(isKept && files.includes(pathname))) return;
  // A page comes from the network while there is one, so that a new release is seen at once. Its scripts and styles have their
  // content's hash in their names: what is kept cannot be old.
  const answer = pathname.endsWith('/') ? fromNetwork(event.request) : fromCache(event.request);
  event.respondWith(answer);
});

async function fromCache(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? fetch(request);
}

async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(cacheName)).match(request);
    if (kept !== undefined) return kept;
    throw error;
  }
}
