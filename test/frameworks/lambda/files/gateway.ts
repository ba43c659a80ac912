/** A gateway of AWS on this machine: HTTP request -> the event that AWS's documentation shows -> the handler's result -> HTTP response. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { LambdaResult } from 'sealring/lambda';

interface Gateway {
  event(request: IncomingMessage, body: Buffer): unknown;
  /** The headers that it takes from a result. */
  headers(result: LambdaResult): [name: string, value: string][];
  /** What it answers when the handler fails. */
  readonly failed: number;
  /** Whether it decodes Base64 without being set up to. */
  readonly isBinary: boolean;
}

/** HTTP APIs and function URLs: payload format 2.0. */
const http: Gateway = {
  event(request, body): APIGatewayProxyEventV2 {
    const { pathname, search } = urlOf(request);
    const { cookie, ...headers } = joinedHeaders(request, ',');
    const method = request.method ?? '';
    return {
      version: '2.0',
      routeKey: '$default',
      rawPath: pathname,
      rawQueryString: search.slice(1),
      ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
      headers,
      requestContext: {
        accountId: '123456789012',
        apiId: 'api-id',
        domainName: 'id.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'id',
        http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'agent' },
        requestId: 'id',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1583348638390,
      },
      ...(body.length === 0 ? { isBase64Encoded: false } : bodyOf(request, body)),
    };
  },
  headers: ({ headers = {}, cookies = [] }) => [
    ...Object.entries(headers),
    ...cookies.map((line): [string, string] => ['set-cookie', line]),
  ],
  failed: 500,
  isBinary: true,
};

/** REST APIs, and HTTP APIs with payload format 1.0. Names of headers are as they were sent. */
const rest: Gateway = {
  event(request, body): Omit<APIGatewayProxyEvent, 'requestContext'> & { requestContext: object } {
    const several: Record<string, string[]> = {};
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      (several[request.rawHeaders[at] ?? ''] ??= []).push(request.rawHeaders[at + 1] ?? '');
    return {
      resource: '/{proxy+}',
      path: urlOf(request).pathname,
      httpMethod: request.method ?? '',
      headers: Object.fromEntries(Object.entries(several).map(([name, values]) => [name, values.at(-1)])),
      multiValueHeaders: several,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { accountId: '123456789012', apiId: 'api-id', stage: 'prod', protocol: 'HTTP/1.1' },
      pathParameters: null,
      stageVariables: null,
      body: body.length === 0 ? null : body.toString(),
      isBase64Encoded: false,
    };
  },
  headers: ({ headers = {}, multiValueHeaders = {} }) => [
    ...Object.entries(headers).filter(([name]) => !(name in multiValueHeaders)),
    ...each(multiValueHeaders),
  ],
  failed: 502,
  isBinary: false,
};

const elb = {
  targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/lambda/6d0ecf831eec9f09',
};

/** An Application Load Balancer: one value for each name. */
const alb: Gateway = {
  event: (request, body): ALBEvent => ({
    requestContext: { elb },
    httpMethod: request.method ?? '',
    path: urlOf(request).pathname,
    queryStringParameters: {},
    headers: joinedHeaders(request, '; '),
    ...bodyOf(request, body),
  }),
  headers: ({ headers = {} }) => Object.entries(headers),
  failed: 502,
  isBinary: true,
};

/** The same, with multi-value headers enabled: the other record is neither sent nor read. */
const albMultiValue: Gateway = {
  event: (request, body): ALBEvent => ({
    requestContext: { elb },
    httpMethod: request.method ?? '',
    path: urlOf(request).pathname,
    multiValueQueryStringParameters: {},
    multiValueHeaders: Object.fromEntries(
      Object.entries(joinedHeaders(request, '; ')).map(([name, value]) => [name, [value]]),
    ),
    ...bodyOf(request, body),
  }),
  headers: ({ multiValueHeaders = {} }) => each(multiValueHeaders),
  failed: 502,
  isBinary: true,
};

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'https://example.org');
}

function joinedHeaders(request: IncomingMessage, comma: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(comma) : `${value}`,
    ]),
  );
}

/** Base64, unless the type is one of these. */
function bodyOf(request: IncomingMessage, body: Buffer): { body: string; isBase64Encoded: boolean } {
  const isText = /^(?:text\/|application\/(?:json|javascript|xml))/.test(
    request.headers['content-type'] ?? 'text/plain',
  );
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function each(headers: Record<string, string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
}

async function serve(gateway: Gateway, handler: Handler, request: IncomingMessage, response: ServerResponse) {
  try {
    // Through JSON, as to and from a real function.
    const event = JSON.parse(JSON.stringify(gateway.event(request, await buffer(request))));
    const result: LambdaResult = JSON.parse(JSON.stringify(await handler(event, {})));
    response.statusCode = result.statusCode;
    for (const [name, value] of gateway.headers(result)) response.appendHeader(name, value);
    response.end(Buffer.from(result.body, result.isBase64Encoded && gateway.isBinary ? 'base64' : 'utf8'));
  } catch (error) {
    console.log(String(error));
    response.writeHead(gateway.failed).end('{"message":"Internal Server Error"}');
  }
}

type Handler = (event: unknown, context: unknown) => Promise<LambdaResult>;

const gateways = { http, rest, alb, albMultiValue };
const kind = Object.entries(gateways).find(([name]) => name === process.argv[2]);
if (kind === undefined) throw new TypeError(`expected one of ${Object.keys(gateways).join(', ')}`);
const [name, gateway] = kind;
const handlers: Record<string, Handler> = await import(new URL('dist/index.mjs', import.meta.url).href);

createServer((request, response) => {
  const bench = /^\/bench\/(\w+)$/.exec(request.url ?? '')?.[1];
  const handler = handlers[bench ?? (name === 'http' ? 'http' : 'rest')];
  if (handler !== undefined) void serve(gateway, handler, request, response);
}).listen(Number(process.env['PORT']), process.env['HOST']);
