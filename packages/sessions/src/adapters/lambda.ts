/** AWS Lambda behind API Gateway, a function URL or an Application Load Balancer: an event goes in, a result with the sessions' cookies comes out. */

import { checkFunction, checkOptions, isObject } from '../options.ts';
import { type ResponseHeaders, setHeaders } from '../response/changes.ts';
import { type Changes, serve } from '../response/serve.ts';
import type { LambdaEvent } from '../store/request.ts';

type Value = boolean | number | string;

/** What a handler returns: a Fetch Response, AWS's result object, or a string, which is a body of type `application/json`. */
export type LambdaAnswer = Response | LambdaResponse | string;

/** AWS's result object. */
export interface LambdaResponse {
  readonly statusCode?: number | undefined;
  readonly statusDescription?: string | undefined;
  readonly headers?: Readonly<Record<string, Value>> | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly Value[]>> | undefined;
  readonly cookies?: readonly string[] | undefined;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

/** What AWS gets: the types of all its gateways take it. */
export interface LambdaResult {
  statusCode: number;
  statusDescription?: string;
  /** Names are in lower case. */
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body: string;
  isBase64Encoded: boolean;
}

/** Options of `sessions()`. */
export interface SessionsOptions {
  /** Is told why a save failed, and may return the answer to send. Default: the error goes on, and the gateway answers with 500 or 502. */
  onError?: (error: unknown, event: unknown) => LambdaAnswer | undefined | Promise<LambdaAnswer | undefined>;
}

/**
 * A handler that saves what it has changed. `login.get(event)` finds the session. The cookies go where the gateway that sent the event looks for them.
 *
 * When the handler throws, the error goes on and changes are not saved; with a server store, a logout still is. A Response that is thrown is an answer.
 *
 * @throws {TypeError} if an option is wrong, or the handler returns nothing.
 * @example
 * import { sessions } from 'sealring/lambda';
 * export const handler = sessions(async () => ({ statusCode: 200, body: 'hello' }));
 */
export function sessions<Event extends LambdaEvent, Rest extends unknown[] = [context: unknown]>(
  handler: (event: Event, ...rest: Rest) => LambdaAnswer | Promise<LambdaAnswer>,
  options: SessionsOptions = {},
): (event: Event, ...rest: Rest) => Promise<LambdaResult> {
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  return async (event, ...rest) => {
    const { answer, changes } = await serve(event, async () => await draftOf(await handler(event, ...rest)));
    const draft =
      (await pageOf(event, changes, onError)) ?? (answer instanceof Response ? await draftOf(answer) : answer);
    setHeaders(draft, draft, changes);
    return draft.resultFor(event);
  };
}

/** What takes the place of the answer when a save has failed. What was done reaches the visitor also if another session failed. */
async function pageOf(
  event: LambdaEvent,
  { cookies, failure }: Changes,
  onError: SessionsOptions['onError'],
): Promise<Draft | undefined> {
  if (failure === undefined) return undefined;
  const page = await onError?.(failure.error, event);
  if (page !== undefined) return await draftOf(page);
  if (cookies.length === 0) throw failure.error;
  console.error(failure.error);
  return new Draft({ statusCode: 500, body: 'Internal Server Error' });
}

/** A result that is being made: every header once, in lower case, and the cookies apart. */
class Draft implements ResponseHeaders {
  readonly #content: Pick<LambdaResult, 'statusCode' | 'statusDescription' | 'body' | 'isBase64Encoded'>;
  readonly #headers: Map<string, string> = new Map();
  #cookies: readonly string[] = [];

  constructor({ statusCode = 200, statusDescription, body = '', isBase64Encoded = false, ...given }: LambdaResponse) {
    this.#content = {
      statusCode,
      body,
      isBase64Encoded,
      ...(statusDescription === undefined ? {} : { statusDescription }),
    };
    const { headers = {}, multiValueHeaders = {}, cookies = [] } = given;
    for (const [name, value] of Object.entries(headers)) this.#add(name.toLowerCase(), [value]);
    for (const [name, values] of Object.entries(multiValueHeaders)) this.#add(name.toLowerCase(), values);
    this.#add('set-cookie', cookies);
  }

  get(name: string): string | undefined {
    return this.#headers.get(name);
  }

  set(name: string, value: string): void {
    this.#headers.set(name.toLowerCase(), value);
  }

  getSetCookie(): readonly string[] {
    return this.#cookies;
  }

  replaceSetCookie(lines: readonly string[]): void {
    this.#cookies = lines;
  }

  /** As API Gateway merges them: of one name in both records, that with several values counts. Cookies are kept. */
  #add(name: string, values: readonly Value[]): void {
    if (name === 'set-cookie') this.#cookies = [...this.#cookies, ...values.map(String)];
    else this.#headers.set(name, values.join(', '));
  }

  /** Each gateway looks for cookies in another place, and takes none from the others. */
  resultFor(event: object): LambdaResult {
    const content = this.#content;
    const headers = Object.fromEntries(this.#headers);
    const cookies = [...this.#cookies];
    const multiValueHeaders: Record<string, string[]> = cookies.length === 0 ? {} : { 'set-cookie': cookies };
    if (Reflect.get(event, 'version') === '2.0') return { ...content, headers, cookies };
    if (!isOfBalancer(event)) return { ...content, headers, multiValueHeaders };
    // A load balancer is answered as it was set up to ask.
    if (isObject(Reflect.get(event, 'multiValueHeaders'))) {
      for (const [name, value] of this.#headers) multiValueHeaders[name] = [value];
      return { ...content, multiValueHeaders };
    }
    for (const [at, line] of cookies.entries()) headers[spelled(at)] = line;
    return { ...content, headers };
  }
}

function isOfBalancer(event: object): boolean {
  const context: unknown = Reflect.get(event, 'requestContext');
  return isObject(context) && 'elb' in context;
}

/** `set-cookie`, `Set-cookie`, `sEt-cookie`, …: one header for each cookie, where there is only one value for each name. */
function spelled(at: number): string {
  const letters = [...'setcookie'].map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter)).join('');
  return `${letters.slice(0, 3)}-${letters.slice(3)}`;
}

async function draftOf(answer: LambdaAnswer): Promise<Draft> {
  if (answer instanceof Response) return await draftOfResponse(answer);
  if (typeof answer === 'object' && answer !== null && 'statusCode' in answer) return new Draft(answer);
  if (answer === undefined || answer === null)
    throw new TypeError(`sessions() expected the handler to return a response, got ${answer}: is a "return" missing?`);
  // What has no status is the body, as API Gateway has it for format 2.0.
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return new Draft({ headers: { 'content-type': 'application/json' }, body });
}

const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-www-form-urlencoded)\b|image\/svg)/i;

/** A REST API sends Base64 as it is unless it is set up otherwise: so text stays text. */
async function draftOfResponse(response: Response): Promise<Draft> {
  const { status: statusCode } = response;
  const { 'set-cookie': _, ...headers } = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (TEXT.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined)
    return new Draft({ statusCode, headers, cookies, body: await response.text() });
  const bytes = new Uint8Array(await response.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return new Draft({ statusCode, headers, cookies, body: btoa(binary), isBase64Encoded: bytes.length > 0 });
}
