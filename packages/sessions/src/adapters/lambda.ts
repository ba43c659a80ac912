/** AWS Lambda behind API Gateway, a function URL or an Application Load Balancer: an event goes in, a result with the sessions' cookies comes out. */

import { checkFunction, checkOptions, isObject } from '../options.ts';
import { withSessions } from '../response/save.ts';
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
 * When the handler throws, the error goes on and changes are not saved; a session that was logged out ends all the same. A Response that is thrown is an answer.
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
  const save = withSessions(async (event: Event, ...rest: Rest) => carry(await handler(event, ...rest)), {
    onError: async (error, event) => {
      const page = await onError?.(error, event);
      return page === undefined ? undefined : carry(page);
    },
  });
  return async (event, ...rest) => {
    const saved: Carrier = await save(event, ...rest).catch(thrownResponse);
    return { ...(saved.content ?? (await contentOf(saved))), ...place(saved.headers, event) };
  };
}

/** What stays as the handler has it. */
type Content = Pick<LambdaResult, 'statusCode' | 'statusDescription' | 'body' | 'isBase64Encoded'>;

/** A result on its way through `withSessions`: a response with its headers, and the content beside them. */
interface Carrier extends Response {
  readonly content?: Content;
}

function carry(answer: unknown): Carrier {
  if (answer instanceof Response) return answer;
  if (answer === undefined || answer === null)
    throw new TypeError(`sessions() expected the handler to return a response, got ${answer}: is a "return" missing?`);
  const result: LambdaResponse = isResult(answer) ? answer : bodyOnly(answer);
  const { statusCode = 200, statusDescription, body = '', isBase64Encoded = false } = result;
  const content = {
    statusCode,
    body,
    isBase64Encoded,
    ...(statusDescription === undefined ? {} : { statusDescription }),
  };
  return Object.assign(new Response(null, { headers: headersOf(result) }), { content });
}

function isResult(answer: object | string): answer is LambdaResponse {
  return typeof answer === 'object' && 'statusCode' in answer;
}

/** Format 2.0: API Gateway takes what has no status for the body. */
function bodyOnly(answer: unknown): LambdaResponse {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return { headers: { 'content-type': 'application/json' }, body };
}

function headersOf({ headers = {}, multiValueHeaders = {}, cookies = [] }: LambdaResponse): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) all.append(name, String(value));
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    if (!/^set-cookie$/i.test(name)) all.delete(name); // so does API Gateway
    for (const value of values) all.append(name, String(value));
  }
  for (const line of cookies) all.append('set-cookie', line);
  return all;
}

/** Each gateway looks for cookies in another place, and takes none from the others. */
function place(headers: Headers, event: object): Partial<LambdaResult> {
  const cookies = headers.getSetCookie();
  const others = [...headers].filter(([name]) => name !== 'set-cookie');
  if (Reflect.get(event, 'version') === '2.0') return { headers: Object.fromEntries(others), cookies };
  if (!isOfBalancer(event))
    return { headers: Object.fromEntries(others), multiValueHeaders: { 'set-cookie': cookies } };
  // A load balancer is answered as it was set up to ask.
  if (!isObject(Reflect.get(event, 'multiValueHeaders')))
    return { headers: Object.fromEntries([...others, ...cookies.map((line, at) => [spelled(at), line])]) };
  const several = others.map(([name, value]) => [name, [value]]);
  return { multiValueHeaders: { ...Object.fromEntries(several), 'set-cookie': cookies } };
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

/** A redirect may be thrown. */
function thrownResponse(thrown: unknown): Response {
  if (thrown instanceof Response) return thrown;
  throw thrown;
}

const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-www-form-urlencoded)\b|image\/svg)/i;

/** A REST API sends Base64 as it is unless it is set up otherwise: so text stays text. */
async function contentOf(response: Response): Promise<Content> {
  const { headers, status: statusCode } = response;
  const type = headers.get('content-type') ?? '';
  if (TEXT.test(type) && !headers.has('content-encoding'))
    return { statusCode, body: await response.text(), isBase64Encoded: false };
  const bytes = new Uint8Array(await response.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { statusCode, body: btoa(text), isBase64Encoded: bytes.length > 0 };
}
