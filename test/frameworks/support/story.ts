/** What happens to a session on a real site, told once and run against every framework, with a cookie store and with a database that is 20 ms away. */
import { Agent, request as startRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { findChromium } from '../../site/support/chromium.ts';
import { eventually } from '../../support/eventually.ts';
import { appOf, checkTypes, type Framework, makeApp, type Served, type StoreKind, serve } from './app.ts';
import { closeBrowser, openBrowser, storyInBrowser } from './in-browser.ts';
import { measure } from './measure.ts';
import { Visitor } from './visitor.ts';

/** What is different in one framework, each with its reason beside it. */
export interface Differences {
  /** Where the app has a static file. Default: `/static.txt`. `undefined` if it serves none. */
  readonly staticFile?: string | undefined;
  /** Routes of `/story/` that it cannot have; `bench` if it is not measured, `usual` if there is no usual library to compare with. */
  readonly without?: readonly string[];
  /** Whether what was changed before an error was thrown is saved. Default: true. */
  readonly savesBeforeThrow?: boolean;
  /** The status of an answer when the handler throws. Default: 500. */
  readonly errorStatus?: number;
}

const LIBRARIES = ['sealring', 'core', 'usual'];
const STORES: readonly StoreKind[] = ['cookie', 'server'];
const WRONG = 'Wrong password.';
const WELCOME = 'Welcome back.';

/** @param more adds steps that only this framework has. */
export function story(
  framework: Framework,
  differences: Differences = {},
  more?: (visitor: () => Visitor, store: StoreKind) => void,
): void {
  const { errorStatus = 500 } = differences;
  let app = '';
  beforeAll(async () => {
    app = framework.isMade === true ? appOf(framework) : await makeApp(framework);
  }, 900_000);

  afterAll(closeBrowser);

  it.runIf(framework.isMade !== true)(
    `${framework.folder}: its types fit`,
    async () => {
      expect(await checkTypes(app, framework)).toBe('');
    },
    300_000,
  );

  it.runIf(process.env['BENCH'] && differences.without?.includes('bench') !== true)(
    `${framework.folder}: requests per second`,
    async () => {
      const served = await serve(app, framework, 'cookie');
      const measured = await measure(
        served.url,
        served.group,
        LIBRARIES.filter((library) => !differences.without?.includes(library)).map((library) => `/bench/${library}`),
      ).finally(served.stop);
      for (const [route, { perSecond, cost }] of measured) {
        console.log(
          `${framework.folder} ${route}: ${perSecond.toFixed(0)} requests a second, ${cost.toFixed(0)} µs each`,
        );
      }
    },
    300_000,
  );

  describe.each(framework.stores ?? STORES)(`${framework.folder}, %s store:`, (store) => {
    let served: Served;
    const visitor = () => new Visitor(served.url);
    const has = (route: string) => differences.without?.includes(route) !== true;

    beforeAll(async () => {
      served = await serve(app, framework, store);
    }, 120_000);
    afterAll(() => served?.stop());
    beforeEach(() => onTestFailed(() => console.log(served.output())));

    it('a wrong password gives a message, once', async () => {
      const ada = visitor();
      expect((await ada.logIn('ada', 'wrong')).alerts).toEqual([WRONG]);
      expect((await ada.open('/')).alerts).toEqual([]);
    });

    it('login, and a message, once', async () => {
      const ada = visitor();
      const page = await ada.logIn();
      expect(page.alerts).toEqual([WELCOME]);
      expect(page.text).toContain('Hello ada');
      const again = await ada.open('/');
      expect(again.alerts).toEqual([]);
      expect(again.text).toContain('Hello ada');
    });

    it('a login takes along what the session had, under another id', async () => {
      const ada = visitor();
      await ada.submit('Count');
      const before = ada.copy();
      expect((await ada.logIn()).count).toBe(1);
      expect(ada.cookies).not.toEqual(before.cookies);
      if (store === 'server') expect((await before.open('/')).text).not.toContain('Hello');
    });

    it('counts', async () => {
      const ada = visitor();
      expect((await ada.open('/')).count).toBe(0);
      expect((await ada.submit('Count')).count).toBe(1);
      expect((await ada.submit('Count')).count).toBe(2);
    });

    it('logout: the session is gone, and a copy of its cookie opens nothing', async () => {
      const ada = visitor();
      await ada.logIn();
      const thief = ada.copy();
      const page = await ada.submit('Log out');
      expect(page.text).not.toContain('Hello');
      expect(page.count).toBe(0);
      // What is only in a cookie opens until it expires: the docs say so, and what to do about it.
      expect((await thief.open('/')).text.includes('Hello')).toBe(store === 'cookie');
    });

    it('a session that was not asked for, or only read, sets no cookie', async () => {
      const ada = visitor();
      const response = await ada.send('/');
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()).toEqual([]);
    });

    it('regenerate', async () => {
      const ada = visitor();
      await ada.submit('Count');
      const before = ada.copy();
      await ada.post('/story/regenerate');
      expect(ada.cookies).not.toEqual(before.cookies);
      expect((await ada.open('/')).count).toBe(1);
      if (store === 'server') expect((await before.open('/')).count).toBe(0);
    });

    it('10 concurrent updates', async () => {
      const ada = visitor();
      await ada.submit('Count');
      const answers = await Promise.all(Array.from({ length: 10 }, () => ada.copy().post('/story/count')));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      // Cookies of requests that ran side by side know nothing of each other.
      if (store === 'server') expect((await ada.open('/')).count).toBe(11);
    });

    it('two sessions, and a cookie of somebody else', async () => {
      const ada = visitor();
      expect(await ada.text('/story/two')).toBe('1 1');
      expect([...ada.cookies.keys()].sort()).toEqual(['cart', 'login', 'theme']);
      expect(await ada.text('/story/two')).toBe('2 2');
    });

    it('the session of this request, whatever stands for it', async () => {
      const ada = visitor();
      if (has('get')) expect(await ada.text('/story/get')).toBe('1');
      else await ada.post('/story/count');
      if (has('other-request'))
        expect(await ada.text('/story/other-request', { method: 'POST', body: 'n=1' })).toBe('2');
      else await ada.post('/story/count');
      expect((await ada.open('/')).count).toBe(2);
    });

    it.runIf(has('get'))('two visitors in turns on one connection, and at once on several', async () => {
      const pair = [visitor(), visitor()];
      for (const [extra, one] of pair.entries()) for (let n = 0; n < extra; n++) await one.text('/story/get');
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const counts of [
        [1, 2],
        [2, 3],
        [3, 4],
      ]) {
        const answers = pair.map((one) => one.textOver(agent, '/story/get'));
        expect(await Promise.all(answers)).toEqual(counts.map(String));
      }
      agent.destroy();
      for (const counts of [
        [4, 5],
        [5, 6],
      ])
        expect(await Promise.all(pair.map((one) => one.text('/story/get')))).toEqual(counts.map(String));
    });

    it.runIf(has('stream'))('a streamed answer', async () => {
      const ada = visitor();
      expect(await ada.text('/story/stream')).toBe('one\ntwo\nthree\n');
      expect((await ada.open('/')).count).toBe(1);
    });

    it.runIf(has('events'))('server-sent events: the first comes before the last is sent', async () => {
      const ada = visitor();
      const response = await ada.send('/story/events', { headers: { Accept: 'text/event-stream' } });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect((await reader?.read())?.value).toMatch(/data: first\n\n$/); // Nest has ids before it
      // The server sends the second when this request has come: the count is saved by then.
      expect((await ada.open('/')).count).toBe(1);
      await ada.post('/story/next-event');
      expect((await reader?.read())?.value).toMatch(/data: second\n\n$/);
      expect((await reader?.read())?.done).toBe(true);
    });

    it.runIf(has('redirect'))('a redirect that the handler throws', async () => {
      const ada = visitor();
      const response = await ada.send('/story/redirect');
      expect(response.status).toBeGreaterThanOrEqual(302);
      expect(response.status).toBeLessThan(400);
      expect((await ada.open('/')).count).toBe(1);
    });

    it('an error that the handler throws', async () => {
      const ada = visitor();
      await ada.submit('Count');
      expect((await ada.send('/story/throw')).status).toBe(errorStatus);
      expect((await ada.open('/')).count).toBe(differences.savesBeforeThrow === false ? 1 : 2);
    });

    it('a logout before an error', async () => {
      const ada = visitor();
      await ada.logIn();
      const thief = ada.copy();
      expect((await ada.send('/story/throw-after-logout')).status).toBe(errorStatus);
      if (store === 'server') expect((await thief.open('/')).text).not.toContain('Hello');
    });

    it('a page that is not there', async () => {
      expect((await visitor().send('/nowhere')).status).toBe(404);
    });

    const staticFile = 'staticFile' in differences ? differences.staticFile : '/static.txt';
    it.runIf(staticFile !== undefined)('a static file: no cookie, and nothing that depends on one', async () => {
      const ada = visitor();
      await ada.submit('Count');
      const response = await ada.send(staticFile ?? '');
      expect(await response.text()).toContain('static');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get('vary') ?? '').not.toMatch(/cookie/i);
    });

    it.each([
      ['HEAD', { method: 'HEAD' }],
      ['a prefetch', { headers: { 'Sec-Purpose': 'prefetch' } }],
      ['a prerender', { headers: { 'Sec-Purpose': 'prefetch;prerender' } }],
      ['an older prefetch', { headers: { Purpose: 'prefetch' } }],
    ])('%s leaves the messages for the visitor', async (_, init) => {
      const ada = visitor();
      await ada.fillIn('Log in', { user: 'ada', password: 'wrong' });
      await (await ada.send('/', init)).text();
      expect((await ada.open('/')).alerts).toEqual([WRONG]);
    });

    it.runIf(has('etag'))('304', async () => {
      const ada = visitor();
      const first = await ada.send('/story/etag');
      expect(first.status).toBe(200);
      const etag = first.headers.get('etag') ?? '';
      const second = await ada.send('/story/etag', {
        headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
      });
      expect(second.status).toBe(304);
      expect(second.headers.getSetCookie()).toEqual([]);
    });

    it('a visitor who leaves before the answer costs nobody anything', async () => {
      const ada = visitor();
      await ada.submit('Count');
      const cookie = [...ada.cookies].map((pair) => pair.join('=')).join('; ');
      await leave(new URL('/story/slow', served.url), cookie);
      expect((await ada.submit('Count')).count).toBeGreaterThanOrEqual(2);
      await eventually(async () => expect((await visitor().open('/')).count).toBe(0));
    });

    more?.(visitor, store);

    it.runIf(framework.inBrowser === true && findChromium() !== undefined)('in a browser', async () => {
      const context = await (await openBrowser()).newContext();
      await storyInBrowser(context, served.url);
      await context.close();
    });

    it('nothing was lost without a word', () => {
      expect(served.output()).not.toMatch(
        /changed and not saved|ERR_HTTP_HEADERS_SENT|UnhandledPromise|unhandledRejection/,
      );
    });
  });
}

/** Sends a request, and closes the connection as soon as the server has it. */
function leave(url: URL, cookie: string): Promise<void> {
  return new Promise((resolve) => {
    const sent = startRequest(url, { headers: { cookie } });
    sent.on('error', () => resolve());
    sent.on('close', () => resolve());
    sent.end(() => setTimeout(() => sent.destroy(), 50));
  });
}
