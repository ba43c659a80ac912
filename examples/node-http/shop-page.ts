/** The two sessions of a visitor -> the page that shows goods, cart and login. */
import { cookieList } from './cookie-list.ts';
import { type Items, PRODUCTS, totalOf } from './goods.ts';
import { type Html, html } from './html.ts';
import { button, notices, type PageContent, page } from './page.ts';

export function shopPage(content: PageContent): string {
  const { cart, cookies } = content;
  return page(
    'Shop',
    notices(content),
    account(content),
    goods(content),
    basket(content, cart.get('items')),
    cookieList(cookies),
  );
}

function account({ login, token }: PageContent): Html {
  const name = login.get('name');
  const lastOrder = login.get('lastOrder');
  if (name === undefined) {
    const field = html`<label for="name">Your name</label> <input id="name" name="name" required maxlength="40" autocomplete="off">
`;
    return html`<section aria-labelledby="account">
<h2 id="account">Sign in</h2>
<p class="hint">Any name will do: this example has no passwords, so it proves nothing about who you are.</p>
${button('/sign-in', token, 'Sign in', field)}
</section>`;
  }
  return html`<section aria-labelledby="account">
<h2 id="account">Signed in as ${name}</h2>
<p>Since ${timeOf(login.get('signedInAt'))}.
${lastOrder && html`Your last order: ${String(lastOrder.total)}, at ${timeOf(lastOrder.placedAt)}.`}</p>
<div class="row">${button('/sign-out', token, 'Sign out')}${button('/sign-out-everywhere', token, 'Sign out everywhere')}</div>
</section>`;
}

function goods({ token }: PageContent): Html {
  const product = ({ id, name, price }: (typeof PRODUCTS)[number]) => html`<li>
<span>${name}, ${String(price)}</span>
${button('/cart/add', token, `Add ${name.toLowerCase()}`, html`<input type="hidden" name="product" value="${id}">`)}
</li>`;
  return html`<section aria-labelledby="goods">
<h2 id="goods">Goods</h2>
<ul class="goods">${PRODUCTS.map(product)}</ul>
</section>`;
}

function basket({ token }: PageContent, items: Items = new Map()): Html {
  if (items.size === 0) return html`<section aria-labelledby="cart"><h2 id="cart">Cart</h2><p>Empty.</p></section>`;
  // The items came out of a session, and they are CartItems: `total` is a getter of the class, and so on down to Money.
  const row = ({ name, price, count, total }: { name: string; price: object; count: number; total: object }) =>
    html`<tr><th scope="row">${name}</th><td>${count}</td><td>${String(price)}</td><td>${String(total)}</td></tr>`;
  return html`<section aria-labelledby="cart">
<h2 id="cart">Cart</h2>
<table>
<thead><tr><th scope="col">What</th><th scope="col">Number</th><th scope="col">Each</th><th scope="col">Together</th></tr></thead>
<tbody>${[...items.values()].map(row)}</tbody>
<tfoot><tr><th scope="row" colspan="3">Total</th><td>${String(totalOf(items))}</td></tr></tfoot>
</table>
${button('/cart/order', token, 'Order')}
</section>`;
}

function timeOf(date: Date | undefined): Html {
  return html`<time datetime="${date?.toISOString()}">${date?.toISOString().slice(11, 19)} UTC</time>`;
}
