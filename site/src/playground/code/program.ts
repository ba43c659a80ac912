/** A framework and a subject -> a whole program in TypeScript that reads the cookie. No key is in it: the environment has them. */
import { type Setup, setupOf } from './setup.ts';
import { isForSessions, type Subject, sessionNameOf } from './subject.ts';
import { literal } from './text.ts';

export const FRAMEWORKS = ['fetch', 'node', 'express', 'fastify', 'koa', 'hono'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** What one framework needs around the lines that read the cookie. */
interface Shape {
  /** As the picker calls it. */
  readonly label: string;
  /** To be installed beside ours. */
  readonly packages: readonly string[];
  readonly imports: readonly string[];
  /** Names of `sealring` that save the session. */
  readonly saving: readonly string[];
  /** How a handler calls the request, for `store.get`. */
  readonly request: string;
  /** The Cookie header, as a text. */
  readonly header: string;
  /** `read` are the lines that declare `text`, which is what to answer. */
  readonly around: (read: readonly string[], isSession: boolean) => readonly string[];
}

const indented = (lines: readonly string[], by: string) => lines.map((line) => (line === '' ? '' : by + line));
const when = (is: boolean, ...lines: readonly string[]) => (is ? lines : []);
const NODE_HEADER = "request.headers.cookie ?? ''";
const LISTEN = "listen(Number(process.env['PORT'] ?? 3000));";

const SHAPES: Readonly<Record<Framework, Shape>> = {
  fetch: {
    label: 'Fetch: Workers, Deno, Bun',
    packages: [],
    imports: [],
    saving: ['withSessions'],
    request: 'request',
    header: "request.headers.get('cookie') ?? ''",
    around: (read, isSession) => [
      `async function handle(request: Request): Promise<Response> {`,
      ...indented(read, '  '),
      '  return new Response(text);',
      '}',
      '',
      `export default { fetch: ${isSession ? 'withSessions(handle)' : 'handle'} };`,
    ],
  },
  node: {
    label: 'Node: node:http',
    packages: [],
    imports: ["import { createServer } from 'node:http';"],
    saving: ['saveBeforeHeaders'],
    request: 'request',
    header: NODE_HEADER,
    around: (read, isSession) => [
      'const server = createServer(async (request, response) => {',
      ...when(isSession, '  saveBeforeHeaders(request, response);'),
      ...indented(read, '  '),
      '  response.end(text);',
      '});',
      '',
      `server.${LISTEN}`,
    ],
  },
  express: {
    label: 'Express 5',
    packages: ['express'],
    imports: ["import express from 'express';"],
    saving: ['saveBeforeHeaders'],
    request: 'request',
    header: NODE_HEADER,
    around: (read, isSession) => [
      'const app = express();',
      ...when(
        isSession,
        'app.use((request, response, next) => {',
        '  saveBeforeHeaders(request, response);',
        '  next();',
        '});',
      ),
      "app.get('/', async (request, response) => {",
      ...indented(read, '  '),
      "  response.type('text').send(text);",
      '});',
      '',
      `app.${LISTEN}`,
    ],
  },
  fastify: {
    label: 'Fastify 5',
    packages: ['fastify'],
    imports: ["import fastify from 'fastify';"],
    saving: ['saveBeforeHeaders'],
    request: 'request',
    header: NODE_HEADER,
    around: (read, isSession) => [
      'const app = fastify();',
      ...when(isSession, "app.addHook('onRequest', async (request, reply) => saveBeforeHeaders(request, reply.raw));"),
      "app.get('/', async (request) => {",
      ...indented(read, '  '),
      '  return text;',
      '});',
      '',
      "await app.listen({ port: Number(process.env['PORT'] ?? 3000) });",
    ],
  },
  koa: {
    label: 'Koa 3',
    packages: ['koa'],
    imports: ["import Koa from 'koa';"],
    saving: ['saveBeforeHeaders'],
    request: 'context',
    header: "context.req.headers.cookie ?? ''",
    around: (read, isSession) => [
      'const app = new Koa();',
      'app.use(async (context) => {',
      ...when(isSession, '  saveBeforeHeaders(context, context.res);'),
      ...indented(read, '  '),
      '  context.body = text;',
      '});',
      '',
      `app.${LISTEN}`,
    ],
  },
  hono: {
    label: 'Hono 4',
    packages: ['hono'],
    imports: ["import { Hono } from 'hono';"],
    saving: ['withSessions'],
    request: 'context',
    header: "context.req.header('cookie') ?? ''",
    around: (read, isSession) => [
      'const app = new Hono();',
      "app.get('/', async (context) => {",
      ...indented(read, '  '),
      '  return context.text(text);',
      '});',
      '',
      isSession
        ? 'export default { fetch: withSessions((request) => app.fetch(request)) };'
        : 'export default { fetch: (request: Request) => app.fetch(request) };',
    ],
  },
};

export const labelOf = (framework: Framework): string => SHAPES[framework].label;

/** For example `npm install sealring hono`. */
export const installLineOf = (framework: Framework, subject: Subject): string =>
  ['npm install', isForSessions(subject) ? 'sealring' : '@sealring/codec', ...SHAPES[framework].packages].join(' ');

export function writeProgram(framework: Framework, subject: Subject): string {
  const shape = SHAPES[framework];
  const isSession = isForSessions(subject);
  const setup = setupOf(subject);
  const read = isSession ? readSession(subject, shape.request) : readValue(subject, shape.header);
  const lines = [...importsOf(shape, setup, isSession), '', ...setup.lines, '', ...shape.around(read, isSession)];
  return `${lines.join('\n')}\n`;
}

function readSession({ cookieName }: Subject, request: string): string[] {
  const name = literal(sessionNameOf(cookieName)?.name ?? cookieName);
  return [
    `const session = await store.get(${request}, ${name});`,
    'const text = session.isNew',
    `  ? \`Not opened: \${session.rejected ?? 'no such cookie'}\``,
    '  : inspect(new Map(session.entries()), { depth: null });',
  ];
}

function readValue({ context, maxAge, clock }: Subject, header: string): string[] {
  const options = [
    ...(context === '' ? [] : [`context: ${literal(context)}`]),
    ...(maxAge === undefined ? [] : [`maxAge: ${maxAge}`]),
    ...(clock === undefined ? [] : [`now: ${clock}`]),
  ];
  const given = options.length > 0 ? `, { ${options.join(', ')} }` : '';
  return [
    ...(clock === undefined ? [] : ['// now: the playground’s clock; leave it out for the present']),
    `const opened = sealer.safeOpen(tokenIn(${header})${given});`,
    `const text = opened.ok ? inspect(opened.value, { depth: null }) : \`Not opened: \${opened.code}\`;`,
  ];
}

/** Built-in modules first, then the others, each group by name. */
function importsOf(shape: Shape, { imports }: Setup, isSession: boolean): string[] {
  const lines = [...imports].map(([module, names]) => {
    const all = module === 'sealring' && isSession ? [...names, ...shape.saving] : names;
    return `import { ${[...all].sort().join(', ')} } from '${module}';`;
  });
  const moduleOf = (line: string) => line.slice(line.indexOf("'"));
  const rank = (line: string) => (moduleOf(line).startsWith("'node:") ? 0 : 1);
  return [...shape.imports, ...lines].sort(
    (one, other) => rank(one) - rank(other) || (moduleOf(one) < moduleOf(other) ? -1 : 1),
  );
}
