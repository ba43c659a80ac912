/** Session, token and key go in; HTML comes out, with everything that is not our own text escaped. */
import { inspect } from 'node:util';
import type { Session } from './session.ts';

const PLAYGROUND = `http://127.0.0.1:${process.env['SITE_PORT'] ?? 4321}/playground/`; // where `npm start` serves it

export interface SessionPage {
  session: Session;
  token: string;
  /** Of the cookie. */
  name: string;
  /** Why the visitor's last cookie was not taken, if one was there. */
  refused: string | undefined;
}

export function sessionPage({ session, token, name, refused }: SessionPage): string {
  // After "#", so that the token stays in the browser. The key is never in a link: it is copied by hand from /key.
  const link = `${PLAYGROUND}#${new URLSearchParams({ token, name })}`;
  const visits = session.visits === 1 ? 'Your first visit' : `Visit number ${session.visits}`;
  return page(
    visits,
    refused === undefined
      ? ''
      : `<p class="refused">Your cookie was not taken, so this is a new session: <code>${escapeHtml(refused)}</code></p>`,
    '<h2>In the cookie</h2>',
    `<pre>${escapeHtml(inspect(session))}</pre>`,
    '<h2>As the browser keeps it</h2>',
    `<pre>${escapeHtml(`${name}=${token}`)}</pre>`,
    `<p>${name.length + token.length} of the 4,096 bytes that a browser takes for a name and its value.</p>`,
    '<p><a href="/">Visit again</a></p>',
    `<p><a id="playground" href="${escapeHtml(link)}">Look into this cookie in the playground</a>, with <a href="/key">the key</a>.</p>`,
    '<p>Or change a character of it with your browser’s tools, and visit again.</p>',
  );
}

export function keyPage(key: string, name: string): string {
  return page(
    'The key of this example',
    `<pre id="key">${escapeHtml(key)}</pre>`,
    '<p>This key is a throw-away: it was made when the program started and is gone when it stops. Never show a real one.</p>',
    `<p>Copy it into the playground’s key field. The purpose is <code>cookie:${escapeHtml(name)}</code>.</p>`,
    '<p><a href="/">Back to the session</a></p>',
  );
}

function page(title: string, ...body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; border: 1px solid; border-radius: .4rem; user-select: all; }
  .refused { padding: .5rem .75rem; border-left: 4px solid #c2410c; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
