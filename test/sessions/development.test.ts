/** Warnings: each mistake is told of once, says why it matters and what to do, and is never told of in production. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, read } from '../support/repository.ts';
import { Browser, secret } from './support.ts';

type Package = typeof import('../../packages/sessions/src/index.ts');

const TOLD = Symbol.for('sealring.told');
const COPIES = Symbol.for('sealring.copies');
const MEMORIES = Symbol.for('sealring.memories');

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubEnv('NODE_APP_INSTANCE', undefined);
  for (const name of [TOLD, COPIES, MEMORIES]) Reflect.deleteProperty(globalThis, name);
});
/** How the warnings begin that the documentation explains. */
const DOCUMENTED = [
  ...read('site/src/content/docs/reference/errors.mdx')
    .replace(/^.*## Warnings in development/s, '')
    .matchAll(/^\| `(.+?)` \|/gm),
].map(([, text = '']) => text.split('…'));

function isDocumented(warning: string): boolean {
  return DOCUMENTED.some(
    ([before = '', after = '']) => warning.startsWith(`sealring: ${before}`) && warning.includes(after),
  );
}

afterEach(() => {
  expect(warnings().filter((warning) => !isDocumented(warning))).toStrictEqual([]);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The package as a process has it that has just started. */
async function load(mode: string | undefined): Promise<Package> {
  vi.stubEnv('NODE_ENV', mode);
  vi.resetModules();
  return await import('../../packages/sessions/src/index.ts');
}

function warnings(): string[] {
  return vi.mocked(console.warn).mock.calls.map(([text]) => String(text));
}

const MODES: [mode: string | undefined, times: number][] = [
  ['development', 1],
  ['test', 1],
  [undefined, 1],
  ['production', 0],
];

describe('a Secure cookie over plain http', () => {
  const visit = async ({ cookieStore, commit }: Package, request: object, cookie = {}) => {
    const given = request as Request; // also what is hardly one
    const session = await cookieStore({ keys: [secret(1)], cookie }).get(given, 'login');
    session.set('n', 1);
    await commit(given);
  };

  it.each(MODES)('is told of in mode %s, %i times', async (mode, times) => {
    const sealring = await load(mode);
    for (let visits = 0; visits < 3; visits++) await visit(sealring, new Request('http://192.168.1.5:3000/'));
    expect(warnings()).toHaveLength(times);
    const text =
      /session "login" sets a Secure cookie.*browsers drop.*every visit begins a new session.*localhost or over https.*secure: false/;
    for (const warning of warnings()) expect(warning).toMatch(text);
  });

  const headers = (more: Record<string, string>) => ({ headers: { host: 'app.test', ...more } });
  const overHttp = { socket: { remoteAddress: '192.168.1.7' } };

  it.each<[string, object]>([
    ['a Fetch request', new Request('http://app.test/')],
    ['a request of node:http', { url: '/', ...overHttp, ...headers({}) }],
    [
      'a proxy that says http',
      new Request('http://localhost/', { headers: { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'app.test' } }),
    ],
    ['a gateway that says http', headers({ 'X-Forwarded-Proto': 'http' })],
    ['a host that only begins like localhost', new Request('http://localhost.app.test/')],
  ])('is seen in %s', async (_name, request) => {
    await visit(await load('development'), request);
    expect(warnings()).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['https', new Request('https://app.test/')],
    ['localhost', new Request('http://localhost:3000/')],
    ['a name under localhost', new Request('http://app.localhost:3000/')],
    ['an address of this machine', new Request('http://127.0.0.1:3000/')],
    ['an IPv6 address of this machine', new Request('http://[::1]:3000/')],
    ['a proxy that says https', { url: '/', ...overHttp, ...headers({ 'x-forwarded-proto': 'https, http' }) }],
    ['a TLS socket', { url: '/', socket: { remoteAddress: '10.0.0.1', encrypted: true }, ...headers({}) }],
    ['a browser that takes the address for safe', { url: '/', ...overHttp, ...headers({ 'sec-fetch-site': 'none' }) }],
    ['a request that does not say', headers({})],
    ['a cookie jar', { get: () => undefined, set: () => undefined }],
  ])('is not told of for %s', async (_name, request) => {
    await visit(await load('development'), request);
    expect(warnings()).toStrictEqual([]);
  });

  it('is not told of where none is set', async () => {
    const sealring = await load('development');
    const request = new Request('http://app.test/');
    await visit(sealring, request, { secure: false });
    await (await sealring.cookieStore({ keys: [secret(1)] }).get(request, 'other')).get('n');
    expect(warnings()).toStrictEqual([]);
  });
});

describe('a response of node:http that is sent without the changes', () => {
  const visit = async (handler: RequestListener, times = 3) => {
    const server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    for (let at = 0; at < times; at++) await (await fetch(url)).text();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };

  it.each(MODES)('is told of as soon as it is out, in mode %s, %i times', async (mode, times) => {
    const { cookieStore } = await load(mode);
    const store = cookieStore({ keys: [secret(1)] });
    await visit(async (request, response) => {
      (await store.get(request, 'login')).set('n', 1);
      response.end('hello');
    });
    expect(warnings()).toHaveLength(times);
    const text =
      /session "login" was changed and not saved, so the change is lost.*sessions\(\).*withSessions\(\).*save\(request, response\)/;
    for (const warning of warnings()) expect(warning).toMatch(text);
  });

  it('is not told of where they are saved, or where there are none', async () => {
    const { cookieStore, memory, save, saveBeforeHeaders, serverStore } = await load('development');
    for (const store of [cookieStore({ keys: [secret(1)] }), serverStore({ keys: [secret(1)], backend: memory() })]) {
      await visit(async (request, response) => {
        saveBeforeHeaders(request, response);
        (await store.get(request, 'login')).set('n', 1);
        response.end('hello');
      });
      await visit(async (request, response) => {
        (await store.get(request, 'login')).set('n', 1);
        await save(request, response);
        response.end('hello');
      });
      await visit(async (request, response) => {
        response.end(String((await store.get(request, 'login')).get('n')));
      });
    }
    expect(warnings()).toStrictEqual([]);
  });
});

describe('two copies of the package', () => {
  const folder = (name: string) =>
    `Error: where\n    at noticeCopy (file:///srv/${name}/node_modules/sealring/dist/index.js:1:1)\n    at x`;

  it.each(MODES)('are told of in mode %s, %i times', async (mode, times) => {
    await load(mode);
    const { noticeCopy } = await import('../../packages/sessions/src/copies.ts');
    for (const name of ['a', 'b', 'a', 'c']) noticeCopy(folder(name));
    expect(warnings()).toHaveLength(times);
    const text =
      /loaded twice, from file:\/\/\/srv\/a\/node_modules\/sealring\/ and from file:\/\/\/srv\/b\/node_modules\/sealring\/.*npm ls sealring/;
    for (const warning of warnings()) expect(warning).toMatch(text);
  });

  it.each([
    ['one that is evaluated twice', [folder('a'), folder('a')]],
    [
      'one that a bundler has put into several files',
      ['.next/server/chunks/1.js', '.next/server/chunks/2.js'].map(
        (file) => `Error\n    at n (file:///srv/${file}:1:1)`,
      ),
    ],
    [
      "one in the layers of webpack's server",
      ['rsc', 'ssr'].map(
        (layer) => `Error\n    at n (webpack-internal:///(${layer})/./node_modules/sealring/dist/index.js:1:1)`,
      ),
    ],
    [
      'another package',
      [folder('a'), folder('b/node_modules/other')].map((stack) => stack.replace('sealring/dist', 'x/dist')),
    ],
  ])('are not seen in %s', async (_name, stacks) => {
    await load('development');
    const { noticeCopy } = await import('../../packages/sessions/src/copies.ts');
    for (const stack of stacks) noticeCopy(stack);
    expect(warnings()).toStrictEqual([]);
  });

  it('are seen where they are installed, at first use and not when they are imported', () => {
    const root = mkdtempSync(join(tmpdir(), 'sealring-copies-'));
    try {
      const copies = ['a', 'b'].map((name) => {
        const target = join(root, name, 'node_modules/sealring');
        mkdirSync(target, { recursive: true });
        cpSync(at('packages/sessions/dist'), join(target, 'dist'), { recursive: true });
        cpSync(at('packages/sessions/package.json'), join(target, 'package.json'));
        symlinkSync(at('packages/sessions/node_modules'), join(target, 'node_modules'));
        return pathToFileURL(join(target, 'dist/index.js')).href;
      });
      const use = (name: number) =>
        `const c${name} = await import(${JSON.stringify(copies[name])}); console.warn('imported'); c${name}.cookieStore({ keys: [c${name}.generateKey()] });`;
      writeFileSync(join(root, 'main.mjs'), `${use(0)}${use(1)}`);
      const env = { ...process.env, NODE_ENV: 'development' };
      const { stderr } = spawnSync(process.execPath, [join(root, 'main.mjs')], { encoding: 'utf8', env });
      const [first, second, warning, rest] = stderr.trim().split('\n');
      expect([first, second, rest]).toStrictEqual(['imported', 'imported', undefined]);
      expect(warning).toMatch(
        /loaded twice, from file:\S+\/a\/node_modules\/sealring\/ and from file:\S+\/b\/node_modules\/sealring\//,
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('memory() in several processes, or made several times', () => {
  let seconds = 1_767_225_600.5;
  const now = () => seconds;
  const server = ({ memory, serverStore }: Package) =>
    serverStore({ keys: [secret(1)], backend: memory({ now }), now });

  const visit = async (sealring: Package, store: ReturnType<typeof server>, browser: Browser) => {
    const request = browser.request();
    const session = await store.get(request, 'login');
    const { rejected } = session;
    session.update('n', (n = 0) => n + 1);
    browser.take(await sealring.save(request, new Response()));
    return rejected;
  };

  it.each(MODES)('in this process is told of in mode %s, %i times', async (mode, times) => {
    const sealring = await load(mode);
    const again = await load(mode); // as Next evaluates a module again for another bundle
    const [one, other] = [server(sealring), server(again)];
    const browser = new Browser();
    for (let visits = 0; visits < 3; visits++) {
      await visit(sealring, one, browser);
      expect(await visit(again, other, browser)).toBe('gone');
    }
    expect(warnings()).toHaveLength(times);
    const text = /another memory\(\) of this process has it.*hot reload.*Next.*globalThis.*outside the process/;
    for (const warning of warnings()) expect(warning).toMatch(text);
  });

  it.each(MODES)('of another process is told of in mode %s, %i times', async (mode, times) => {
    const sealring = await load(mode);
    const elsewhere = server(sealring);
    Reflect.deleteProperty(globalThis, MEMORIES); // a process sees only its own
    const here = server(sealring);
    seconds += 1;
    for (let visits = 0; visits < 3; visits++) {
      const browser = new Browser();
      await visit(sealring, elsewhere, browser);
      expect(await visit(sealring, here, browser.copy())).toBe('gone');
    }
    expect(warnings()).toHaveLength(times);
    const text = /not found although its cookie is valid.*another process with the same key.*outside the process/;
    for (const warning of warnings()) expect(warning).toMatch(text);
  });

  it('is not told of after a restart, after a logout, or long after', async () => {
    const sealring = await load('development');
    const before = server(sealring);
    const browser = new Browser();
    await visit(sealring, before, browser);
    Reflect.deleteProperty(globalThis, MEMORIES); // the process has ended
    seconds += 1;
    const after = server(sealring);
    expect(await visit(sealring, after, browser)).toBe('gone');
    const copy = browser.copy();
    const request = browser.request();
    (await after.get(request, 'login')).logout();
    await sealring.commit(request);
    expect(await visit(sealring, after, copy)).toBe('gone');
    const late = new Browser();
    await visit(sealring, after, late);
    seconds += 86_400 * 31 + 3_600;
    for (let writes = 0; writes < 200; writes++) await visit(sealring, after, new Browser()); // what has expired is removed
    expect(await visit(sealring, after, late)).toBe('gone');
    expect(warnings()).toStrictEqual([]);
  });

  it('is told of by a worker of a cluster and by the second instance of PM2, when it is made', async () => {
    for (const [instance, times] of [
      ['0', 0],
      ['1', 1],
    ] as const) {
      const { memory } = await load('development');
      vi.stubEnv('NODE_APP_INSTANCE', instance);
      for (let made = 0; made < 2; made++) memory();
      expect(warnings()).toHaveLength(times);
    }
    expect(warnings()[0]).toMatch(
      /memory\(\) keeps sessions in one process, and this is one of several.*outside the process/,
    );
    const program = `
      import cluster from 'node:cluster';
      const { memory } = await import(${JSON.stringify(pathToFileURL(at('packages/sessions/dist/index.js')).href)});
      memory();
      if (cluster.isPrimary) for (let at = 0; at < 2; at++) cluster.fork();
      else process.disconnect();
    `;
    const run = (mode: string) => {
      const root = mkdtempSync(join(tmpdir(), 'sealring-cluster-'));
      writeFileSync(join(root, 'main.mjs'), program);
      const env = { ...process.env, NODE_ENV: mode, NODE_APP_INSTANCE: undefined };
      const { stderr } = spawnSync(process.execPath, [join(root, 'main.mjs')], { encoding: 'utf8', env });
      rmSync(root, { recursive: true, force: true });
      return stderr.match(/one of several/g)?.length ?? 0;
    };
    expect([run('development'), run('production')]).toStrictEqual([2, 0]);
  });
});

describe('in production', () => {
  it('the environment is not read again and again', async () => {
    const sealring = await load('production');
    const request = () => new Request('http://app.test/');
    const store = sealring.cookieStore({ keys: [secret(1)] });
    const visit = async () => {
      const given = request();
      (await store.get(given, 'login')).set('n', 1);
      await sealring.commit(given);
    };
    await visit();
    const env = vi.spyOn(process, 'env', 'get').mockImplementation(() => {
      throw new Error('the environment is read');
    });
    await visit();
    expect(env).not.toHaveBeenCalled();
  });

  it('it is one too where the runtime says nothing, and Cloudflare says nothing of it', async () => {
    await load('development');
    const { isProduction } = await import('../../packages/sessions/src/development.ts');
    expect(isProduction()).toBe(false);
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    expect(isProduction()).toBe(true);
    vi.stubGlobal('navigator', undefined);
    expect(isProduction()).toBe(false);
    for (const [state, isSilent] of [
      ['granted', false],
      ['prompt', true],
      ['denied', true],
    ] as const) {
      vi.stubGlobal('Deno', { permissions: { querySync: () => ({ state }) } });
      expect(isProduction()).toBe(isSilent);
    }
    vi.stubGlobal('Deno', undefined);
    vi.stubGlobal('process', undefined);
    expect(isProduction()).toBe(true);
    vi.unstubAllGlobals();
  });
});
