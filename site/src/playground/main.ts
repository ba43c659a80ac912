/** Brings the playground page to life: joins its two tabs, the address and the end of the page. No request is made anywhere. */
import { part } from './dom.ts';
import { readFragment } from './fragment.ts';
import { createOpenPanel } from './panels/open-panel.ts';
import { createSealPanel } from './panels/seal-panel.ts';
import { createTabs } from './views/tabs.ts';

const page = part(document, 'playground', HTMLElement);
const tabs = createTabs(part(page, 'tabs', HTMLElement));
const openPanel = createOpenPanel(part(page, 'open', HTMLElement));
const sealPanel = createSealPanel(part(page, 'seal', HTMLElement), (handover) => {
  openPanel.fill(handover);
  tabs.select('open');
  document.getElementById('tab-open')?.focus();
});

function readAddress(): void {
  const fragment = readFragment(location.hash);
  if (fragment === undefined) return;
  openPanel.fill(fragment);
  tabs.select('open');
}

sealPanel.generateKey();
readAddress();
page.dataset['ready'] = '';

addEventListener('hashchange', readAddress);
// A page that the browser keeps for its Back button must not keep the keys.
addEventListener('pagehide', () => {
  sealPanel.forgetKey();
  openPanel.forgetKey();
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) sealPanel.generateKey();
});
