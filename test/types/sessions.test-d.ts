/** The public types of sealring, as its users' compilers see them. Compiling is the test: `pnpm typecheck`. */
import http from 'node:http';
import http2 from 'node:http2';
import {
  type Commit,
  commit,
  cookieStore,
  type DefinedSession,
  defineSession,
  generateKey,
  memory,
  type Outcome,
  type ReadonlySession,
  type ReadonlySessionOf,
  type Rejection,
  type Session,
  type SessionBase,
  type SessionEvent,
  type SessionOf,
  type SetCookie,
  type Store,
  save,
  saveBeforeHeaders,
  serverStore,
  typeRegistry,
  withSessions,
} from 'sealring';
import { mintCookie, readSession } from 'sealring/testing';
import { expectTypeOf } from 'vitest';

interface LoginValues {
  userId: string;
  cart: Map<string, number>;
  visits: number;
  note: string | undefined;
}

type Message = { kind: 'info' | 'error'; text: string };

const store = serverStore({ keys: [generateKey()], backend: memory() });
const login = defineSession<LoginValues, Message>({ store, name: 'login', idleTimeout: 60 * 30 });
const request = new Request('https://example.org/');

/** Keys: a variable that may be missing compiles, as it throws at first use and not in the type checker. */
export function keys(): Store[] {
  // @ts-expect-error: a key is a string or bytes
  cookieStore({ keys: [7] });
  // @ts-expect-error: keys is a list, or a function that gives one
  cookieStore({ keys: 'secret' });
  // @ts-expect-error: only cookie stores need revocations
  serverStore({ keys: [], backend: memory(), revocations: memory() });
  return [
    cookieStore({ keys: [process.env['SESSION_KEY']] }),
    cookieStore({ keys: () => [process.env['SESSION_KEY'], { secret: generateKey(), encrypt: false }] }),
    cookieStore({ keys: [new Uint8Array(32)], maxAge: undefined, types: typeRegistry() }),
  ];
}

/** A session of a store: any key of a primitive type, any value. */
export async function untyped(): Promise<void> {
  const session = await store.get(request, 'any');
  expectTypeOf(session).toEqualTypeOf<Session>();
  expectTypeOf(session.get('foo')).toBeUnknown();
  session.set('foo', 'bar').set(42, 43);
  session.update('n', (n = 0) => n + 1);
  session.update<string[]>('list', (list = []) => [...list, 'x']);
  expectTypeOf(session.flashes()).toEqualTypeOf<unknown[]>();
  expectTypeOf([...session]).toEqualTypeOf<[unknown, unknown][]>();
  // @ts-expect-error: readonly, login() says whose it is
  session.subject = 'ada';
  // @ts-expect-error: lifetimes belong to the store or the definition
  await store.get(request, 'any', { maxAge: 60 });
}

/** A session of a definition: its keys, its values, its messages. */
export async function typed(): Promise<void> {
  const session = await login.get(request);
  expectTypeOf(session).toEqualTypeOf<SessionOf<LoginValues, Message>>();
  expectTypeOf(session.get('cart')).toEqualTypeOf<Map<string, number> | undefined>();
  expectTypeOf(session.pop('userId')).toEqualTypeOf<string | undefined>();
  session.set('userId', 'u7').set('visits', 1);
  session.update('visits', (visits = 0) => visits + 1);
  session.update('cart', (cart = new Map()) => cart.set('apple', 1));
  expectTypeOf([...session.keys()]).toEqualTypeOf<(keyof LoginValues)[]>();
  // @ts-expect-error: no such key
  session.get('nothing');
  // @ts-expect-error: no such key
  session.set('nothing', 1);
  // @ts-expect-error: not a string
  session.set('userId', 7);
  // @ts-expect-error: delete() removes a value
  session.set('note', undefined);
  // @ts-expect-error: not a number
  session.update('visits', () => 'many');
  // @ts-expect-error: no such key
  session.delete('nothing');
}

/** Flash messages are typed by the definition. */
export async function flashes(): Promise<void> {
  const session = await login.get(request);
  session.addFlash({ kind: 'info', text: 'Saved' });
  session.addFlash({ kind: 'error', text: 'Card declined' }, 'errors');
  expectTypeOf(session.flashes()).toEqualTypeOf<Message[]>();
  expectTypeOf(session.peekFlashes('errors')).toEqualTypeOf<Message[]>();
  // @ts-expect-error: not a message
  session.addFlash('Saved');
  // @ts-expect-error: not such a kind
  session.addFlash({ kind: 'warning', text: '' });
}

/** What a session says of itself. */
export function facts(session: SessionBase): void {
  expectTypeOf(session.isNew).toBeBoolean();
  expectTypeOf(session.id).toBeString();
  expectTypeOf(session.createdAt).toBeNumber();
  expectTypeOf(session.expiresAt).toBeNumber();
  expectTypeOf(session.rejected).toEqualTypeOf<Rejection | undefined>();
  expectTypeOf(session.subject).toEqualTypeOf<string | undefined>();
  expectTypeOf(session.authenticatedAt).toEqualTypeOf<number | undefined>();
  session.options.maxAge = 86_400;
  session.options.maxAge = undefined;
  // @ts-expect-error: of the store or the definition
  session.options.domain = 'example.org';
  // @ts-expect-error: readonly
  session.rejected = undefined;
}

/** A session of a definition is accepted wherever a session is. */
export async function everywhere(): Promise<void> {
  const session = await login.get(request);
  const takesAny = (given: Session): unknown => given.get('anything');
  takesAny(session);
  await store.revokeAll('u7', { except: session });
  await store.revokeAll('u7', { except: await store.get(request, 'any') });
  await commit(request, session);
  const optional = defineSession<{ user?: string }>({ store, name: 'optional' });
  takesAny(await optional.get(request));
  await store.revokeAll('u7', { except: await optional.get(request) });
  const wide: DefinedSession<object>[] = [optional];
  expectTypeOf(wide[0]?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error: an id is no session
  await store.revokeAll('u7', { except: session.id });
  for await (const { id, expiresAt } of store.list('u7')) {
    expectTypeOf([id, expiresAt]).toEqualTypeOf<(string | number)[]>();
    await store.revoke(id);
  }
}

/** What `peek` gives can be read as what `get` gives, and has nothing that changes it. */
export async function peeked(): Promise<void> {
  const session = await login.peek(request);
  expectTypeOf(session).toEqualTypeOf<ReadonlySessionOf<LoginValues, Message>>();
  expectTypeOf(await store.peek(request, 'any')).toEqualTypeOf<ReadonlySession>();
  expectTypeOf(session.get('cart')).toEqualTypeOf<Map<string, number> | undefined>();
  expectTypeOf(session.peekFlashes()).toEqualTypeOf<Message[]>();
  expectTypeOf([session.size, session.expiresAt]).toEqualTypeOf<number[]>();
  expectTypeOf([session.id, session.name, session.subject]).toEqualTypeOf<(string | undefined)[]>();
  expectTypeOf([...session.keys()]).toEqualTypeOf<(keyof LoginValues)[]>();
  expectTypeOf([...session]).toEqualTypeOf([...(await login.get(request))]);
  type Changing =
    | ('set' | 'delete' | 'pop' | 'update' | 'clear' | 'addFlash' | 'flashes' | 'keepFlashes')
    | ('login' | 'logout' | 'destroy' | 'regenerate');
  expectTypeOf<Exclude<keyof SessionOf<LoginValues>, Changing>>().toEqualTypeOf<keyof ReadonlySessionOf<LoginValues>>();
  expectTypeOf<Exclude<keyof Session, Changing>>().toEqualTypeOf<keyof ReadonlySession>();
  // @ts-expect-error: no such key
  session.get('nothing');
  // @ts-expect-error: readonly
  session.options.maxAge = 60;
  // @ts-expect-error: a session that can be changed is asked for with get()
  await commit(request, session);
  // @ts-expect-error: it would have to move, so that copies of its cookie end
  await store.revokeAll('u7', { except: session });
  const reads = (given: ReadonlySession): unknown => given.get('anything');
  const readsLogin = (given: ReadonlySessionOf<LoginValues, Message>) => given.get('userId');
  expectTypeOf(readsLogin(await login.get(request))).toEqualTypeOf<string | undefined>();
  for (const one of [session, await login.get(request), await store.get(request, 'any')]) reads(one);
}

/** A schema gives the types; it need not be named again. */
export async function schema(): Promise<void> {
  const validated = defineSession({
    store,
    name: 'validated',
    schema: { '~standard': { version: 1, validate: () => ({ value: { theme: 'dark' } }) } },
    migrate: (old) => ({ theme: old['colour'] }),
    context: (incoming: Request) => new URL(incoming.url).host,
  });
  expectTypeOf((await validated.get(request)).get('theme')).toEqualTypeOf<string | undefined>();
  // @ts-expect-error: no such option
  defineSession({ store, name: 'a', ttl: 60 });
}

/** A request as Next hands it out. */
declare class NextRequest extends Request {
  readonly nextUrl: URL;
  readonly cookies: { get(name: string): { name: string; value: string } | undefined };
}
/** A request as Bun's routes hand it out. */
interface BunRequest<Path extends string> extends Request {
  readonly params: { readonly [name in Path]: string };
}
/** A request as Cloudflare's types have it, and what comes with it. */
interface CloudflareRequest extends Request {
  readonly cf: { readonly country: string } | undefined;
}
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** withSessions keeps the type of the request, of what comes with it, and of the answer. */
export const handlers = {
  plain: withSessions(async (incoming) => new Response(incoming.url)),
  next: withSessions(async (incoming: NextRequest) => new Response(incoming.nextUrl.pathname)),
  nextRoute: withSessions(async (incoming: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
    const session = await store.get(incoming, 'login');
    session.set('id', (await params).id);
    return new Response();
  }),
  bun: withSessions(async (incoming: BunRequest<'id'>) => new Response(incoming.params.id)),
  cloudflare: withSessions(async (incoming: CloudflareRequest, env: { KEY: string }, context: ExecutionContext) => {
    context.waitUntil(Promise.resolve());
    return new Response(`${env.KEY} ${incoming.cf?.country}`);
  }),
  upgrade: withSessions(async (incoming: Request, server: { upgrade(given: Request): boolean }) =>
    server.upgrade(incoming) ? undefined : new Response('no'),
  ),
  synchronous: withSessions(() => new Response('ok')),
};
expectTypeOf(handlers.plain).toEqualTypeOf<(request: Request) => Promise<Response>>();
expectTypeOf(handlers.next).parameter(0).toEqualTypeOf<NextRequest>();
expectTypeOf(handlers.cloudflare).parameter(2).toEqualTypeOf<ExecutionContext>();
expectTypeOf(handlers.upgrade).returns.resolves.toEqualTypeOf<Response | undefined>();
// @ts-expect-error: a handler gives a response
withSessions(async () => 'hello');

/** Node's responses, of HTTP/1.1 and of HTTP/2. */
export const servers = [
  http.createServer(async (req, res) => {
    saveBeforeHeaders(req, res, (error, response) => response.end(String(error)));
    await login.get(req);
    const saved = await save(req, res);
    expectTypeOf(saved).toEqualTypeOf<undefined>();
  }),
  http2.createServer((req, res) => saveBeforeHeaders(req, res)),
  http2.createSecureServer({}, async (req, res) => {
    saveBeforeHeaders(req, res);
    await save(req, res);
  }),
];

/** What frameworks hand out, without casts. */
export async function wrappers(context: { req: http.IncomingMessage; state: object }, event: { request: Request }) {
  await store.get(context, 'login');
  await store.get(event, 'login');
  await store.get({ raw: request }, 'login');
  await store.get({ headers: { cookie: 'a=b' } }, 'login');
  await store.peek({ req: { raw: request } }, 'login');
  // @ts-expect-error: nothing with headers
  await store.get({ url: 'https://example.org/' }, 'login');
  // @ts-expect-error: a string is no request
  await store.get('a=b', 'login');
}

/** A cookie jar is a request and a response in one. */
export async function jars(jar: {
  get(name: string): { value: string } | undefined;
  set(
    name: string,
    value: string,
    attributes?: { path?: string; maxAge?: number; sameSite?: 'lax' | 'strict' | 'none' },
  ): void;
}): Promise<void> {
  const session = await login.get(jar);
  await session.login('u7');
  expectTypeOf(await save(jar)).toEqualTypeOf<undefined>();
  expectTypeOf(await save(request, jar)).toEqualTypeOf<undefined>();
}

/** The primitive, and what it gives. */
export async function primitive(): Promise<void> {
  const { cookies, sessions }: Commit = await commit(request);
  expectTypeOf(cookies).toEqualTypeOf<readonly SetCookie[]>();
  expectTypeOf(sessions[0]?.outcome).toEqualTypeOf<Outcome | undefined>();
  const response = await save(request, new Response(), await login.get(request));
  expectTypeOf(response).toEqualTypeOf<Response>();
  // @ts-expect-error: a request alone has nowhere to put a cookie
  await save(request);
}

/** Events tell a reason only where there is one. */
export function reasonOf(event: SessionEvent): string {
  if (event.type === 'rejected') return event.reason;
  if (event.type === 'weak-cas') return event.cas;
  expectTypeOf(event.type).toEqualTypeOf<'created' | 'saved' | 'renewed' | 'ended' | 'conflict' | 'gone' | 'unsaved'>();
  return event.name;
}

/** Tests of applications keep the types of a definition. */
export async function testing(): Promise<void> {
  const cookie = await mintCookie(login, (session) => session.set('userId', 'u7').addFlash({ kind: 'info', text: '' }));
  expectTypeOf(cookie).toBeString();
  await mintCookie(store, 'any', (session) => session.set('foo', 1));
  // @ts-expect-error: not a string
  await mintCookie(login, (session) => session.set('userId', 7));
  const session = await readSession(login, new Response());
  expectTypeOf(session).toEqualTypeOf<SessionOf<LoginValues, Message>>();
}
