/** A visitor's two sessions -> the page of the shop, with each cookie linked into the playground. */
import { PRICES, totalOf } from './goods.ts';
import type { Visit } from './sessions.ts';

const SITE = `http://127.0.0.1:${process.env['SITE_PORT'] ?? 4321}`; // where `npm start` serves the playground

/** @param sent the Cookie header. */
export function page(visit: Visit, keys: readonly string[], sent = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Shop – Sealring example</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><h1>Fruit shop</h1><p>An example of <a href="${SITE}">Sealring</a></p></header>
<main>
<div>${messages(visit)}${account(visit)}${goods(visit)}</div>
<div>${cookies(visit, sent)}${keyList(keys)}</div>
</main>
</body>
</html>`;
}

/** Read, so that the next page has them no more. */
function messages({ cart }: Visit): string {
  const notices = cart.flashes().map((message) => `<p class="notice" role="status">${escapeHtml(message)}</p>`);
  return notices.join('');
}

function account({ login }: Visit): string {
  if (login.subject === undefined) {
    const field = '<label>Your name <input name="name" required maxlength="40" autocomplete="off"></label>';
    return section('Sign in', `<p>Any name will do: there are no passwords.</p>${form('/sign-in', 'Sign in', field)}`);
  }
  const order = login.get('lastOrder');
  return section(
    `Signed in as ${escapeHtml(login.subject)}`,
    `<p>Since ${timeOf(login.get('signedInAt'))}. ${order ? `Your last order: ${order.total}, at ${timeOf(order.placedAt)}.` : ''}</p>
${form('/sign-out', 'Sign out')}${form('/sign-out-everywhere', 'Sign out everywhere')}`,
  );
}

function goods({ cart }: Visit): string {
  const items = cart.get('items') ?? new Map<string, number>();
  const rows = [...PRICES].map(([name, price]) => {
    const add = form('/add', `Add ${name}`, `<input type="hidden" name="product" value="${name}">`);
    return `<tr><th scope="row">${name}</th><td>${price}</td><td>${items.get(name) ?? 0}</td><td>${add}</td></tr>`;
  });
  const total = `<tr><th scope="row">Total</th><td>${totalOf(items)}</td><td></td><td>${form('/order', 'Order')}</td></tr>`;
  const head = '<tr><th scope="col">Fruit</th><th scope="col">Price</th><th scope="col">In cart</th><td></td></tr>';
  return section('Goods', `<table>${head}${rows.join('')}${total}</table>`);
}

function cookies(visit: Visit, sent: string): string {
  const items = [visit.login, visit.cart].map(({ name, rejected }) => {
    const value = new RegExp(`(?:^|; )${name}=([^;]+)`).exec(sent)?.[1];
    if (value === undefined) return '';
    const inside =
      name === 'login' ? 'Who you are: sealed, and nowhere else.' : 'A sealed id. What it leads to is on the server.';
    const why = `Rejected, so this is a new session: <a href="${SITE}/how-to/it-will-not-open/"><code>${rejected}</code></a>`;
    const playground = `${SITE}/playground/#${new URLSearchParams({ view: 'open', token: value, name })}`; // never a key
    return `<li><h3><code>${name}</code>, ${name.length + value.length} of 4,096 bytes</h3>
${rejected ? `<p class="notice" role="alert">${why}</p>` : `<p>${inside}</p>`}
<p><code class="value">${escapeHtml(value)}</code></p>
<p><a href="${escapeHtml(playground)}">Open ${name} in the playground</a></p></li>`;
  });
  return section('Your cookies', items.join('') === '' ? '<p>None.</p>' : `<ul>${items.join('')}</ul>`);
}

function keyList(keys: readonly string[]): string {
  const list = keys.map((key, at) => `<li><code>${key}</code> ${at === 0 ? 'seals and opens' : 'opens'}</li>`);
  return section(
    'Keys',
    `<p>A real shop shows them to nobody. Copy one into the playground to read a cookie there.</p><ol>${list.join('')}</ol>
${form('/rotate', 'Rotate')}${form('/retire', 'Retire old keys')}`,
  );
}

const section = (title: string, body: string) => `<section><h2>${title}</h2>${body}</section>`;

const form = (action: string, label: string, fields = '') =>
  `<form method="post" action="${action}">${fields}<button>${label}</button></form>`;

const timeOf = (date?: Date) => `<time>${date?.toISOString().slice(11, 19)} UTC</time>`;

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
