/** What goes out: pages, redirects, the stylesheet and failures, each with the headers that it needs. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

const STYLE = readFileSync(new URL('style.css', import.meta.url));

const SAFETY = {
  // No scripts at all, styles and forms of our own alone, and no other site may show us in a frame.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function sendPage(response: ServerResponse, status: number, html: string): void {
  // The library says no-store where it sets a cookie. These pages are one visitor's even where it does not.
  const headers = { ...SAFETY, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' };
  response.writeHead(status, headers).end(html);
}

/** 303: the browser asks for the other address with GET. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...SAFETY, 'cache-control': 'no-store', location }).end();
}

export function sendStyle(response: ServerResponse): void {
  const headers = { ...SAFETY, 'cache-control': 'no-cache', 'content-type': 'text/css; charset=utf-8' };
  response.writeHead(200, headers).end(STYLE);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SAFETY, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** @param allow the method that the address does take. */
export function refuseMethod(response: ServerResponse, allow: 'GET' | 'POST'): void {
  response.setHeader('allow', allow);
  sendText(response, 405, `This address takes only ${allow}. Start at /`);
}

/** The visitor learns that it failed; why is for the log. */
export function fail(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (response.headersSent) response.destroy();
  else sendText(response, 500, 'Something went wrong here. The log says what.');
}
