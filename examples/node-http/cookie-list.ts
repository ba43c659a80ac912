/** The shop's cookies -> a list of them, each with its size, its key and a link that opens it in the playground. */
import { parseToken } from '@sealring/codec';
import type { Cookies } from './cookies.ts';
import { type Html, html } from './html.ts';
import { playgroundLink } from './playground-link.ts';

const MOST = 4096; // bytes of name and value that browsers keep, RFC 6265bis §5.6

const HOLDS = new Map([
  ['login', 'Your login, all of it: sealed, and nowhere else.'],
  ['cart', 'An id, sealed. What it leads to is on the server.'],
]);

export function cookieList(cookies: Cookies): Html {
  return html`<section aria-labelledby="cookies">
<h2 id="cookies">Your cookies</h2>
${cookies.size === 0 ? html`<p>None.</p>` : html`<ul class="cards">${[...cookies].map(cookieItem)}</ul>`}
<p class="hint">To read one, open it in the playground and paste a key from <a href="/keys">Keys</a> there.</p>
</section>`;
}

function cookieItem([name, value]: readonly [string, string]): Html {
  const size = name.length + value.length;
  return html`<li>
<h3><code>${name}</code></h3>
<p>${HOLDS.get(name)}</p>
<p><code class="value">${shorten(value)}</code></p>
<p>${size} of ${MOST.toLocaleString('en')} bytes, sealed with the key <code>${keyIdOf(value)}</code></p>
<p><a href="${playgroundLink(name, value)}">Open <code>${name}</code> in the playground</a></p>
</li>`;
}

const shorten = (value: string): string => (value.length > 60 ? `${value.slice(0, 40)}…${value.slice(-12)}` : value);

/** Which key a token asks for can be read without any. */
function keyIdOf(value: string): string {
  try {
    return Buffer.from(parseToken(value).keyId).toString('hex');
  } catch {
    return 'unknown: it is no token';
  }
}
