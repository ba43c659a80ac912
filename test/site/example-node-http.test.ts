/** The example as its visitors meet it: real requests to the real program. */
import { parseToken } from '@sealring/codec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Example, runExample, startExample } from './support/example.ts';
import { Shopper } from './support/shopper.ts';

let example: Example;
beforeEach(async () => {
  example = await startExample();
});
afterEach(() => example.stop('SIGTERM'));

describe('examples/node-http: login', () => {
  it('signs in under a name, with a new id and a new form token, and out again', async () => {
    const ada = await arrive();
    const before = ada.token;
    const { html } = await ada.submit('/sign-in', { name: 'Ada' });
    expect(html).toContain('Signed in as Ada');
    expect(ada.token).not.toBe(before);
    expect((await ada.submit('/sign-out')).html).not.toContain('Signed in');
  });

  it('shows a message once', async () => {
    const ada = await arrive('Ada');
    expect((await ada.submit('/cart/add', { product: 'pear' })).html).toContain('Pear is in your cart.');
    expect((await ada.visit()).html).not.toContain('Pear is in your cart.');
  });

  it('escapes what a visitor has typed', async () => {
    const { html } = await (await arrive()).submit('/sign-in', { name: '<img src=x>"&' });
    expect(html).toContain('Signed in as &#60;img src=x&#62;&#34;&#38;');
    expect(html).not.toContain('<img');
  });

  it('asks again for a name of nothing but spaces', async () => {
    const { html } = await (await arrive()).submit('/sign-in', { name: '   ' });
    expect(html).toContain('Please enter a name.');
    expect(html).not.toContain('Signed in');
  });

  it('cuts a long name between characters, not in the middle of one', async () => {
    const name = 'a'.repeat(39);
    const { html } = await (await arrive()).submit('/sign-in', { name: `${name}🍐🍐` });
    expect(html).toContain(`Signed in as ${name}🍐<`);
  });

  it('refuses a copy of the cookie after signing out', async () => {
    const ada = await arrive('Ada');
    const thief = new Shopper(example.origin, ada.cookies);
    expect((await thief.visit()).html).toContain('Signed in as Ada');
    await ada.submit('/sign-out');
    expectRefused((await thief.visit()).html, 'login', 'revoked');
  });

  it('ends the other browser’s login on signing out everywhere, and no one else’s', async () => {
    const [one, other, bob] = [await arrive('Ada'), await arrive('Ada'), await arrive('Bob')];
    const { html } = await one.submit('/sign-out-everywhere');
    expect(html).toContain('You are signed out in every browser.');
    expectRefused((await other.visit()).html, 'login', 'revoked');
    expect((await bob.visit()).html).toContain('Signed in as Bob');
    expect((await other.submit('/sign-in', { name: 'Ada' })).html).toContain('Signed in as Ada');
  });
});

describe('examples/node-http: cart', () => {
  it('gets its items back with their methods', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/cart/add', { product: 'pear' });
    await ada.submit('/cart/add', { product: 'pear' });
    const { html } = await ada.submit('/cart/add', { product: 'plum' });
    expect(html).toContain('<th scope="row">Pear</th><td>2</td><td>€0.85</td><td>€1.70</td>');
    expect(html).toContain('<td>€2.15</td></tr></tfoot>');
  });

  it('loses no item and no message when requests overlap', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/cart/add', { product: 'plum' });
    const forms = Array.from({ length: 30 }, (_, at) => ({
      token: ada.token,
      product: at % 2 === 0 ? 'pear' : 'apple',
    }));
    expect(new Set(await ada.sendTogether('/cart/add', forms))).toEqual(new Set([303]));
    const { html } = await ada.visit();
    expect(html).toContain('<th scope="row">Pear</th><td>15</td>');
    expect(html).toContain('<th scope="row">Apple</th><td>15</td>');
    expect(html.match(/(?:Pear|Apple) is in your cart\./g)?.length).toBe(30);
  });

  it('takes an order: one response changes both sessions', async () => {
    const ada = await arrive('Ada');
    await ada.submit('/cart/add', { product: 'apple' });
    const { html, lines } = await ada.submit('/cart/order');
    expect(lines.map((line) => line.split('=')[0])).toEqual(['login']); // the cart's cookie still leads to its record
    expect(html).toContain('Your last order: €0.60');
    expect(html).toContain('<p>Empty.</p>');
  });

  it('takes no order from someone who is not signed in', async () => {
    const visitor = await arrive();
    await visitor.submit('/cart/add', { product: 'apple' });
    const { html } = await visitor.submit('/cart/order');
    expect(html).toContain('Sign in and put something into your cart first.');
    expect(html).toContain('<th scope="row">Apple</th>');
  });

  it('ignores a product that there is not', async () => {
    const { html } = await (await arrive()).submit('/cart/add', { product: 'constructor' });
    expect(html).toContain('<p>Empty.</p>');
  });
});

describe('examples/node-http: keys', () => {
  it('keeps sessions on rotation, and seals them anew at their next page', async () => {
    const ada = await arrive('Ada');
    const before = keyIds(ada);
    const { html } = await ada.submit('/keys/change', { change: 'rotate' });
    expect(html.match(/sealring_[\w-]{47}/g)?.length).toBe(2);
    expect((await ada.visit()).html).toContain('Signed in as Ada');
    expect(keyIds(ada)).not.toEqual(before);
    expect(new Set(keyIds(ada)).size).toBe(1);
  });

  it('refuses, once the old key is retired, whoever has not been there since the rotation', async () => {
    const [ada, bob] = [await arrive('Ada'), await arrive('Bob')];
    await ada.submit('/cart/add', { product: 'pear' });
    await ada.submit('/keys/change', { change: 'rotate' });
    const { html } = await ada.submit('/keys/change', { change: 'retire' });
    expect(html.match(/sealring_[\w-]{47}/g)?.length).toBe(1);
    const stays = (await ada.visit()).html;
    expect(stays).toContain('Signed in as Ada');
    expect(stays).toContain('<th scope="row">Pear</th>');

    const old = bob.cookies.get('login');
    const { html: refused, lines } = await bob.visit();
    expectRefused(refused, 'login', 'unknown-key');
    expectRefused(refused, 'cart', 'unknown-key');
    expect(refused).toContain('The key that sealed it is not among the keys of this shop any more.');
    expect(refused).toContain(`token=${old}`);
    expect(lines).toContainEqual(expect.stringMatching(/^cart=; Max-Age=0;/)); // so that it says so once
    expect((await bob.submit('/sign-in', { name: 'Bob' })).html).toContain('Signed in as Bob');
  });

  it('refuses everyone when all keys are replaced at once', async () => {
    const ada = await arrive('Ada');
    const { html } = await ada.submit('/keys/change', { change: 'replace' });
    expectRefused(html, 'login', 'unknown-key');
    expect((await ada.visit()).html).not.toContain('Signed in');
  });
});

describe('examples/node-http: forms', () => {
  it.each([
    ['no token', {}],
    ['an empty one', { token: '' }],
    ['another one', { token: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('refuses a POST with %s and changes nothing', async (_name, fields) => {
    const ada = await arrive('Ada');
    const { status, html, lines } = await ada.send('/cart/add', { product: 'pear', ...fields });
    expect(status).toBe(403);
    expect(html).toContain('nothing was changed');
    expect(lines).toEqual([]);
    expect((await ada.visit()).html).toContain('<p>Empty.</p>');
  });

  it('refuses a POST without any cookie, as browsers send it for a form on another site', async () => {
    const ada = await arrive('Ada');
    const { status } = await new Shopper(example.origin).send('/sign-out', { token: ada.token });
    expect(status).toBe(403);
  });

  it('says why when the session of a form has ended', async () => {
    const [ada, bob] = [await arrive('Ada'), await arrive('Bob')];
    await bob.submit('/keys/change', { change: 'replace' });
    const { status, html } = await ada.send('/cart/add', { token: ada.token, product: 'pear' });
    expect(status).toBe(403);
    expect(html).toContain('<code>unknown-key</code>');
  });

  it('refuses what is no form or too long for one', async () => {
    const long = await (await arrive()).send('/sign-in', { name: 'a'.repeat(5000) });
    expect(long.status).toBe(400);
    const json = await fetch(`${example.origin}/sign-in`, { method: 'POST', body: '{}' });
    expect(json.status).toBe(400);
  });

  it.each(['/sign-out', '/cart/add', '/keys/change'])('does nothing on GET %s', async (path) => {
    const ada = await arrive('Ada');
    expect((await ada.visit(path)).status).toBe(405);
    expect((await ada.visit()).html).toContain('Signed in as Ada');
  });
});

describe('examples/node-http: cookies and headers', () => {
  it('sets cookies for its own pages only, out of reach of scripts and of forms on other sites', async () => {
    const visitor = new Shopper(example.origin);
    const { lines } = await visitor.visit();
    expect(lines).toEqual([expect.stringMatching(/^login=E[\w-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)]);
  });

  it('shows the cookies that the browser has, with their true sizes', async () => {
    const ada = await arrive('Ada');
    const { html } = await ada.visit();
    const [login = '', cart = ''] = ['login', 'cart'].map((name) => ada.cookies.get(name));
    expect(html).toContain(`${'login='.length - 1 + login.length} of 4,096 bytes`);
    expect(html).toContain(`${'cart='.length - 1 + cart.length} of 4,096 bytes`);
  });

  it('links each cookie to the playground by value and name, never with a key', async () => {
    const ada = await arrive('Ada');
    const { html } = await ada.visit('/keys');
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
  ])('begins anew and says %s for a cookie that is %s', async (reason, value) => {
    const { html, status } = await new Shopper(example.origin, [['login', value]]).visit();
    expect(status).toBe(200);
    expectRefused(html, 'login', reason);
  });

  it('takes the value of one cookie for no other', async () => {
    const ada = await arrive('Ada');
    const swapped = new Shopper(example.origin, [['login', ada.cookies.get('cart') ?? '']]);
    expectRefused((await swapped.visit()).html, 'login', 'tampered');
  });

  it('lets nobody keep its pages, run scripts in them or put them into a frame', async () => {
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

describe('examples/node-http: start and end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with exit code 0 on %s, even while a browser holds a connection',
    async (signal) => {
      await arrive(); // fetch keeps its connection
      expect(await example.stop(signal)).toBe(0);
    },
  );

  it.each(['', 'password'])('does not start with the key %j, and makes none for itself', async (key) => {
    const { output, code } = await runExample('0', key);
    expect(code).toBe(1);
    if (key === '') expect(output).toBe('SESSION_KEY is not set. Make a key with: npx @sealring/cli keygen\n');
    else expect(output).toContain('"keys[0]"');
  });

  it('names the port that is in use and how to choose another', async () => {
    const { port } = new URL(example.origin);
    const { output, code } = await runExample(port);
    expect(code).toBe(1);
    expect(output).toBe(
      `Port ${port} is in use. Stop what listens there, or choose another: PORT=${Number(port) + 1} node server.ts\n`,
    );
  });
});

/** Someone new at the shop's first page, signed in where a name is given. */
async function arrive(name?: string): Promise<Shopper> {
  const shopper = new Shopper(example.origin);
  await shopper.visit();
  if (name !== undefined) await shopper.submit('/sign-in', { name });
  return shopper;
}

function expectRefused(html: string, name: string, reason: string): void {
  expect(html).toContain(`Your cookie <code>${name}</code> was refused: <code>${reason}</code>.`);
  if (name === 'login') expect(html).not.toContain('Signed in');
}

/** Which key each cookie was sealed with. */
function keyIds({ cookies }: Shopper): string[] {
  return [...cookies.values()].map((value) => Buffer.from(parseToken(value).keyId).toString('hex'));
}
