/** What all pages have in common: frame, messages, what was refused, and the button of a form. */
import type { Rejection, SessionOf } from 'sealring';
import type { Cookies } from './cookies.ts';
import { type Html, html } from './html.ts';
import { playgroundLink } from './playground-link.ts';
import { REJECTIONS } from './rejection.ts';
import type { CartValues, LoginValues } from './stores.ts';

export interface PageContent {
  readonly login: SessionOf<LoginValues>;
  readonly cart: SessionOf<CartValues>;
  /** For the forms. */
  readonly token: string;
  readonly messages: readonly unknown[];
  readonly errors: readonly unknown[];
  /** As the browser keeps them once it has the page. */
  readonly cookies: Cookies;
  /** As it sent them: one that was refused may be replaced by now. */
  readonly sent: Cookies;
  readonly keys: readonly string[];
}

export function page(title: string, ...body: readonly Html[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title} – Sealring example</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<strong>Sealring example</strong>
<nav aria-label="Pages"><a href="/">Shop</a> <a href="/keys">Keys</a></nav>
</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}

/** What the last action had to say, and why a cookie was refused. */
export function notices({ login, cart, messages, errors, sent }: PageContent): Html {
  return html`
${messages.map((message) => html`<p class="notice" role="status">${String(message)}</p>`)}
${errors.map((message) => html`<p class="notice warning" role="alert">${String(message)}</p>`)}
${[login, cart].map(({ name, rejected }) => rejected && refused(name, rejected, sent.get(name) ?? '')).filter(isHtml)}`;
}

function refused(name: string, rejected: Rejection, value: string): Html {
  return html`<div class="notice warning" role="alert">
<p>Your cookie <code>${name}</code> was refused: <code>${rejected}</code>. ${REJECTIONS[rejected]} So this is a new session.</p>
<p><a href="${playgroundLink(name, value)}">Open the refused cookie in the playground</a></p>
</div>`;
}

/** A form is a POST with the token: nothing that matters happens by a link. */
export function button(action: string, token: string, label: string, fields: Html = html``): Html {
  return html`<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">${fields}<button>${label}</button>
</form>`;
}

/** For a form whose token is missing or not this session's. */
export function refusalPage(rejected: Rejection | undefined): string {
  return page(
    'Not done',
    html`<p>The form did not bring the token of your session, so nothing was changed. That stops forms on other sites. It also happens
when the session has ended since the page was shown.</p>`,
    rejected
      ? html`<p>Your cookie <code>login</code> was refused: <code>${rejected}</code>. ${REJECTIONS[rejected]}</p>`
      : html``,
    html`<p><a href="/">Back to the shop</a>, and try again there.</p>`,
  );
}

function isHtml(value: Html | undefined): value is Html {
  return value !== undefined;
}
