/** The example as its visitors meet it: real requests to the real program. */
import { parseToken } from '@sealring/codec';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Example, startExample } from './support/example.ts';
import { Shopper } from './support/shopper.ts';

let example: Example;
beforeAll(async () => {
  example = await startExample();
});
afterAll(() => example.stop());

describe('examples/node-http: login', () => {
  it('signs in under a name, and out again', async () => {
    const ada = await arrive();
    expect((await ada.submit('/sign-in', { name: 'Ada' })).html).toContain('Signed in as Ada');
    expect((await ada.submit('/sign-out')).html).not.toContain('Signed in');
  });

  it('shows a message once', async () => {
    const ada = await arrive('Ada');
    expect((await ada.submit('/add', { product: 'Pear' })).html).toContain('Pear is in your cart.');
    expect((await ada.visit()).html).not.toContain('Pear is in your cart.');
  });

  it('escapes what a visitor has typed', async () => {
    const { html } = await (await arrive()).submit('/sign-in', { name: '<img src=x>"&' });
    expect(html).toContain('Signed in as &#60;img src=x&#62;&#34;&#38;');
    expect(html).not.toContain('<img');
  });

  it.each(['   ', 'a'.repeat(41)])('asks again for a name such as "%s"', async (name) => {
    const { html } = await (await arrive()).submit('/sign-in', { name });
    expect(html).toContain('Please enter a name');
    expect(html).not.toContain('Signed in');
  });

  it('rejects a copy of the cookie after signing out', async () => {
    const ada = await arrive('Ada');
    const thief = new Shopper(example.origin, ada.cookies);
    expect((await thief.visit()).html).toContain('Signed in as Ada');
    await ada.submit('/sign-out');
    expectRejected((await thief.visit()).html, 'revoked');
  });

  it('ends the other browser’s login on signing out everywhere, and no one else’s', async () => {
    const [one, other, bob] = [await arrive('Ada'), await arrive('Ada'), await arrive('Bob')];
    const { html } = await one.submit('/sign-out-everywhere');
    expect(html).toContain('You are signed out in every browser.');
    expect(html).not.toContain('Signed in');
    expectRejected((await other.visit()).html, 'revoked');
    expect((await bob.visit()).html).toContain('Signed in as Bob');
    expect((await other.submit('/sign-in', { name: 'Ada' })).html).toContain('Signed in as Ada');
  });
});

describe('examples/node-http: cart', () => {
  it('adds up', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/add', { product: 'Pear' });
    await ada.submit('/add', { product: 'Pear' });
    const { html } = await ada.submit('/add', { product: 'Plum' });
    expect(inCart(html)).toEqual({ Apple: 0, Pear: 2, Plum: 1 });
    expect(html).toContain('<th scope="row">Total</th><td>€2.15</td>');
  });

  it('loses no item and no message when requests overlap', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/add', { product: 'Plum' });
    const forms = Array.from({ length: 30 }, (_, at) => ({ product: at % 2 === 0 ? 'Pear' : 'Apple' }));
    expect(new Set(await ada.sendTogether('/add', forms))).toEqual(new Set([303]));
    const { html } = await ada.visit();
    expect(inCart(html)).toEqual({ Apple: 15, Pear: 15, Plum: 1 });
    expect(html.match(/(?:Pear|Apple) is in your cart\./g)?.length).toBe(30);
  });

  it('takes an order: one response changes both sessions, and the total comes back with its methods', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/add', { product: 'Apple' });
    const { html, lines } = await ada.submit('/order');
    expect(lines.map((line) => line.split('=')[0])).toEqual(['login']); // the cart's cookie still leads to its record
    expect(html).toContain('Your last order: €0.60');
    expect(inCart(html)).toEqual({ Apple: 0, Pear: 0, Plum: 0 });
  });

  it('takes no order from someone who is not signed in', async () => {
    const visitor = await arrive();
    await visitor.submit('/add', { product: 'Apple' });
    const { html } = await visitor.submit('/order');
    expect(html).toContain('Sign in and fill your cart first.');
    expect(inCart(html)).toEqual({ Apple: 1, Pear: 0, Plum: 0 });
  });

  it('ignores a product that there is not', async () => {
    const { html } = await (await arrive()).submit('/add', { product: 'constructor' });
    expect(inCart(html)).toEqual({ Apple: 0, Pear: 0, Plum: 0 });
  });
});

describe('examples/node-http: keys', () => {
  beforeEach(async () => {
    await example.stop();
    example = await startExample(); // with one key
  });

  it('keeps sessions on rotation, and seals them anew at their next page', async () => {
    const ada = await arrive('Ada');
    const before = keyIds(ada);
    const { html } = await ada.submit('/rotate');
    expect(html.match(/sealring_[\w-]{47}/g)?.length).toBe(2);
    expect(html).toContain('Signed in as Ada');
    expect(keyIds(ada)).not.toEqual(before);
    expect(new Set(keyIds(ada)).size).toBe(1);
  });

  it('rejects, once the old key is retired, whoever has not been there since the rotation', async () => {
    const [ada, bob] = [await arrive('Ada'), await arrive('Bob')];
    await ada.submit('/add', { product: 'Pear' });
    await ada.submit('/rotate');
    const { html } = await ada.submit('/retire');
    expect(html.match(/sealring_[\w-]{47}/g)?.length).toBe(1);
    const stays = (await ada.visit()).html;
    expect(stays).toContain('Signed in as Ada');
    expect(inCart(stays)).toEqual({ Apple: 0, Pear: 1, Plum: 0 });

    const old = bob.cookies.get('login');
    const { html: rejected, lines } = await bob.visit();
    expectRejected(rejected, 'unknown-key');
    expect(rejected).toContain(`token=${old}`);
    expect(lines.map((line) => line.split(';').slice(0, 2).join())).toEqual(['login=, Max-Age=0', 'cart=, Max-Age=0']); // so that it says so once
    expect((await bob.submit('/sign-in', { name: 'Bob' })).html).toContain('Signed in as Bob');
  });
});

describe('examples/node-http: forms', () => {
  it.each(['cross-site', 'same-site'])('refuses a %s POST, and changes nothing', async (from) => {
    const ada = await arrive('Ada');
    const { status, lines } = await ada.send('/add', { product: 'Pear' }, { 'sec-fetch-site': from });
    expect(status).toBe(403);
    expect(lines).toEqual([]);
    expect(inCart((await ada.visit()).html)).toEqual({ Apple: 0, Pear: 0, Plum: 0 });
  });

  it('refuses what is too long for a form', async () => {
    expect((await (await arrive()).send('/sign-in', { name: 'a'.repeat(5000) })).status).toBe(400);
  });

  it.each(['/sign-out', '/add', '/rotate'])('does nothing on GET %s', async (path) => {
    const ada = await arrive('Ada');
    expect((await ada.visit(path)).status).toBe(404);
    expect((await ada.visit()).html).toContain('Signed in as Ada');
  });
});

describe('examples/node-http: cookies and headers', () => {
  it('sets no cookie for a visitor who only looks', async () => {
    expect((await new Shopper(example.origin).visit()).lines).toEqual([]);
  });

  it('sets cookies that are out of reach of scripts and of forms on other sites', async () => {
    const { lines } = await new Shopper(example.origin).send('/sign-in', { name: 'Ada' });
    const attributes = String.raw`[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$`;
    for (const name of ['login', 'cart']) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name}=E${attributes}`)));
    }
  });

  it('shows the cookies that the browser has, with their true sizes', async () => {
    const ada = await arrive('Ada');
    const { html } = await ada.visit();
    for (const name of ['login', 'cart']) {
      const value = ada.cookies.get(name) ?? '';
      expect(html).toContain(`<code>${name}</code>, ${name.length + value.length} of 4,096 bytes`);
    }
  });

  it('links each cookie to the playground by value and name, never with a key', async () => {
    const ada = await arrive('Ada');
    const { html } = await ada.visit();
    const links = [...html.matchAll(/href="([^"]*playground[^"]*)"/g)].map(([, link = '']) => link);
    const fields = links.map((link) => new URLSearchParams(new URL(link.replaceAll('&#38;', '&')).hash.slice(1)));
    expect(fields.map((field) => Object.fromEntries(field))).toEqual(
      ['login', 'cart'].map((name) => ({ view: 'open', token: ada.cookies.get(name), name })),
    );
    expect(links.join()).not.toContain('sealring_');
  });

  it.each([
    ['malformed', 'not a token'],
    ['version', 'FAAA'],
  ])('begins anew and says %s for a cookie that is "%s"', async (reason, value) => {
    const { html, status } = await new Shopper(example.origin, [['login', value]]).visit();
    expect(status).toBe(200);
    expectRejected(html, reason);
  });

  it('takes the value of one cookie for no other', async () => {
    const ada = await arrive('Ada');
    const swapped = new Shopper(example.origin, [['login', ada.cookies.get('cart') ?? '']]);
    expectRejected((await swapped.visit()).html, 'tampered');
  });

  it('lets nobody keep its page, run scripts in it or put it into a frame', async () => {
    const { headers } = await fetch(example.origin);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  it.each(['/favicon.ico', '//', '/%', '/../x'])('answers 404 to %s and sets no cookie', async (path) => {
    const { status, lines } = await new Shopper(example.origin).visit(path);
    expect(status).toBe(404);
    expect(lines).toEqual([]);
  });
});

it('examples/node-http: opens no session without a key, and the log says how to make one', async () => {
  const keyless = await startExample('4321', '');
  expect((await fetch(keyless.origin)).status).toBe(500);
  await expect.poll(() => keyless.log()).toContain('npx @sealring/cli keygen');
  await keyless.stop();
});

/** Someone new, signed in where a name is given. */
async function arrive(name?: string): Promise<Shopper> {
  const shopper = new Shopper(example.origin);
  if (name !== undefined) await shopper.submit('/sign-in', { name });
  return shopper;
}

/** How many of each product. */
function inCart(html: string): Record<string, number> {
  const rows = html.matchAll(/<th scope="row">(\w+)<\/th><td>[^<]+<\/td><td>(\d+)<\/td>/g);
  return Object.fromEntries([...rows].map(([, name = '', count]) => [name, Number(count)]));
}

function expectRejected(html: string, reason: string): void {
  expect(html).toContain(`<code>${reason}</code>`);
  expect(html).not.toContain('Signed in');
}

/** Which key each cookie was sealed with. */
function keyIds({ cookies }: Shopper): string[] {
  return [...cookies.values()].map((value) => Buffer.from(parseToken(value).keyId).toString('hex'));
}
