/** What the browser itself says about this page -> its requests since load, its policy, whether it works offline. */
import { make, part, say } from '../dom.ts';
import { isOneFile, readPolicy } from './page-policy.ts';

export function createProofPanel(root: HTMLElement, forget: () => void): void {
  const requests = part(root, 'requests', HTMLElement);
  const list = part(root, 'resources', HTMLElement);
  const icons = new Set(
    Array.from(document.querySelectorAll<HTMLLinkElement>('link[rel~=icon], link[rel=manifest]'), ({ href }) => href),
  );
  const seen: string[] = [];
  let isLoaded = document.readyState === 'complete';

  function count(): void {
    const { length } = seen;
    say(requests, `${length} ${length === 1 ? 'request' : 'requests'} since load`);
    list.hidden = length === 0;
    list.replaceChildren(...seen.map((name) => make('li', {}, name)));
  }

  part(root, 'policy', HTMLElement).textContent =
    readPolicy()?.replaceAll('; ', ';\n') ?? 'This copy of the page has none; the published one does.';
  part(root, 'forget-all', HTMLButtonElement).addEventListener('click', () => {
    history.replaceState(null, '', location.pathname); // a link has a cookie in it
    forget();
  });
  count();
  addEventListener('load', () => {
    isLoaded = true;
  });
  const loadedAt = () => performance.getEntriesByType('navigation')[0]?.toJSON().loadEventEnd ?? 0;
  new PerformanceObserver((entries) => {
    // What began before the page had loaded belongs to loading it, and so does its icon, which browsers fetch when they like.
    const later = entries
      .getEntries()
      .filter(({ startTime, name }) => isLoaded && startTime > loadedAt() && !icons.has(name));
    seen.push(...later.map(({ name }) => name));
    if (later.length > 0) count();
  }).observe({ type: 'resource', buffered: true });
  void watchOffline(part(root, 'offline', HTMLElement), part(root, 'offline-text', HTMLElement));
}

/** Ready once a service worker has what the page is made of. */
async function watchOffline(short: HTMLElement, long: HTMLElement): Promise<void> {
  if (isOneFile()) {
    say(short, 'a copy in one file');
    say(long, 'This is the copy in one file: it needs no network.');
    return;
  }
  if (!('serviceWorker' in navigator)) {
    say(short, 'needs the network to load');
    say(long, 'This browser keeps no pages for use offline here.');
    return;
  }
  say(short, 'not offline-ready yet');
  say(long, 'The page is not kept for use offline yet.');
  await navigator.serviceWorker.ready;
  say(short, 'offline ready');
  say(long, 'The page is kept by your browser: it opens with the network off.');
}
