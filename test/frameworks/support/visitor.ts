/** A browser without script: it keeps cookies, follows redirects, and fills in the forms of a page. */
import { once } from 'node:events';
import { type Agent, type IncomingMessage, request as startRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Page, readPage } from './page.ts';

export class Visitor {
  readonly #url: string;
  readonly cookies: Map<string, string> = new Map();

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends one request with the cookies, and keeps those that come back. Follows nothing. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = this.#header();
    if (cookie !== '' && !headers.has('cookie')) headers.set('Cookie', cookie);
    headers.set('Origin', this.#url);
    if (!headers.has('accept')) headers.set('Accept', 'text/html');
    const response = await fetch(new URL(path, this.#url), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  post(path: string): Promise<Response> {
    return this.send(path, { method: 'POST' });
  }

  /** The text of an answer, which must be a success. */
  async text(path: string, init?: RequestInit): Promise<string> {
    const response = await this.send(path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text}`);
    return text;
  }

  /** The text of an answer over a connection of the agent. */
  async textOver(agent: Agent, path: string): Promise<string> {
    const sent = startRequest(new URL(path, this.#url), {
      agent,
      headers: { Accept: 'text/html', Cookie: this.#header() },
    });
    const [response]: IncomingMessage[] = await once(sent.end(), 'response');
    for (const line of response?.headers['set-cookie'] ?? []) this.#keep(line);
    return response === undefined ? '' : await text(response);
  }

  /** Opens a page, and follows redirects to it. */
  async open(path: string, init?: RequestInit): Promise<Page> {
    return await this.#follow(await this.send(path, init));
  }

  async #follow(first: Response): Promise<Page> {
    let response = first;
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 5; hops++) {
      await response.arrayBuffer();
      response = await this.send(response.headers.get('location') ?? '/');
    }
    const html = await response.text();
    if (!response.ok) throw new Error(`${first.url} answers ${response.status}: ${html}`);
    return readPage(html);
  }

  /** Fills in the form with this button on the first page, and follows where it leads. */
  async submit(button: string, values: Readonly<Record<string, string>> = {}): Promise<Page> {
    return await this.#follow(await this.fillIn(button, values));
  }

  /** The same, but follows nothing. */
  async fillIn(button: string, values: Readonly<Record<string, string>>): Promise<Response> {
    const form = (await this.open('/')).form(button);
    const fields = new Map([...form.fields, ...Object.entries(values)]);
    const body = form.isMultipart ? new FormData() : new URLSearchParams();
    for (const [name, value] of fields) body.append(name, value);
    return await this.send(form.action === '' ? '/' : form.action, { method: 'POST', body });
  }

  logIn(user = 'ada', password = 'sesame'): Promise<Page> {
    return this.submit('Log in', { user, password });
  }

  /** Another visitor with copies of the cookies. */
  copy(): Visitor {
    const copy = new Visitor(this.#url);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  #header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */);
    const [name = '', ...value] = pair.split('=');
    if (pair === '') return; // RFC 6265bis §5.6: without a name and a value it is no cookie
    const isOver = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, value.join('='));
  }
}
