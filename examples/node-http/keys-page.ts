/** The keys of the shop -> the page that shows and changes them. A real program shows its keys to nobody. */
import { createSealer } from '@sealring/codec';
import { cookieList } from './cookie-list.ts';
import { html } from './html.ts';
import { button, notices, type PageContent, page } from './page.ts';

export function keysPage(content: PageContent): string {
  const { keys, cookies, token } = content;
  const change = (how: string, label: string) =>
    button('/keys/change', token, label, html`<input type="hidden" name="change" value="${how}">`);
  return page(
    'Keys',
    notices(content),
    html`<p>The first of these keys came from SESSION_KEY; the others were made here and are gone when this program stops. Never show a real
one. Copy one into the playground to read a cookie there.</p>
<ol class="cards">${keys.map(keyItem)}</ol>
<section aria-labelledby="change">
<h2 id="change">Change them</h2>
<dl>
<dt>${change('rotate', 'Rotate')}</dt>
<dd>Puts a new key in front. The old one still opens, so nobody is signed out. What it has sealed is sealed anew when its owner next
loads a page.</dd>
<dt>${change('retire', 'Retire old keys')}</dt>
<dd>Keeps the first key alone. A browser that has not been here since the rotation is refused: try it with a second browser.</dd>
<dt>${change('replace', 'Replace at once')}</dt>
<dd>What a leaked key calls for: a new key, and no other. Everyone is signed out, you too.</dd>
</dl>
</section>`,
    cookieList(cookies),
  );
}

function keyItem(key: string, at: number) {
  return html`<li>
<h2>Key <code>${keyIdOf(key)}</code></h2>
<p>${at === 0 ? 'Seals and opens.' : 'Opens what it has sealed before.'}</p>
<p><code class="key">${key}</code></p>
</li>`;
}

/** What tokens name it by. Not secret. */
function keyIdOf(key: string): string {
  const sealer = createSealer({ keys: [key], purpose: 'key-id' });
  return sealer.open(sealer.seal(0)).keyId;
}
