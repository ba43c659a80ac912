/** A visitor of the example without a browser: keeps cookies as one would, and sends forms. */
import { once } from 'node:events';
import { request } from 'node:http';

export interface Shown {
  status: number;
  html: string;
  /** Set-Cookie lines of the last response. */
  lines: readonly string[];
}

export class Shopper {
  /** Name to value. */
  readonly cookies: Map<string, string>;
  readonly #origin: string;

  /** @param cookies to begin with: a copy of another's, for example. */
  constructor(origin: string, cookies: Iterable<readonly [string, string]> = []) {
    this.#origin = origin;
    this.cookies = new Map(cookies);
  }

  visit(path = '/'): Promise<Shown> {
    return this.#fetch(path);
  }

  /** Sends a form and goes where the answer leads. */
  async submit(action: string, fields: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const { status, html, lines } = await this.send(action, fields);
    if (status !== 303) throw new Error(`POST ${action} gave ${status}: ${html}`);
    return { ...(await this.visit()), lines };
  }

  /** Sends a form, and shows the answer itself. */
  send(
    action: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Shown> {
    return this.#fetch(action, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /**
   * Sends forms that truly overlap: the fields of none are sent before the server has begun with all of them. A server says `100 Continue`
   * when it has the head of a request and waits for its body.
   *
   * @returns the status of each answer.
   */
  async sendTogether(action: string, forms: readonly Readonly<Record<string, string>>[]): Promise<number[]> {
    const bodies = forms.map((fields) => new URLSearchParams(fields).toString());
    const requests = bodies.map((body) =>
      request(this.#origin + action, {
        method: 'POST',
        headers: {
          cookie: this.#cookie(),
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': body.length,
          expect: '100-continue',
        },
      }),
    );
    await Promise.all(requests.map((each) => once(each, 'continue')));
    const answers = requests.map((each) => once(each, 'response'));
    requests.forEach((each, at) => void each.end(bodies[at]));
    return Promise.all(
      answers.map(async (answer) => {
        const [response] = await answer;
        response.resume();
        return response.statusCode;
      }),
    );
  }

  #cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Shown> {
    const response = await fetch(this.#origin + path, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), cookie: this.#cookie() },
      redirect: 'manual',
    });
    const lines = response.headers.getSetCookie();
    for (const line of lines) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, html: await response.text(), lines };
  }
}
