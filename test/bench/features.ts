/**
 * `pnpm bench:features`: what each session library does, found out by asking it -> a table, and the file that the site shows.
 *
 * A check is a short story of requests. Every library hears the same one, with its defaults and a secret.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createFeatureLibraries, type Library, type Server, type SessionView } from './feature-libraries.ts';

/** Where the site finds it. */
export const FEATURES: URL = new URL('../../site/src/data/comparison/features.json', import.meta.url);

interface Check {
  id: string;
  title: string;
  run(library: Library): Promise<boolean>;
}

export interface Features {
  libraries: string[];
  rows: { id: string; title: string; has: boolean[] }[];
}

const NAME = 'login';
const [SECRET, OLD] = ['correct-horse-battery-staple-0123456789', 'the-secret-of-last-year-still-long-enough'];
const MOST_BYTES = 4096; // of name and value, by RFC 6265bis

const CHECKS: readonly Check[] = [
  {
    id: 'parallel',
    title: 'Two requests at once, each setting another key: both keys are there afterwards',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      await browser.visit(server, (session) => session.set('since', 'now'));
      const meet = meeting(2);
      const change = (key: string) => async (session: SessionView) => {
        session.set(key, 'set');
        await meet();
      };
      const { cookie } = browser;
      for (const lines of await Promise.all(['x', 'y'].map((key) => server.visit(cookie, change(key))))) {
        browser.take(lines);
      }
      return (await browser.read(server, 'x')) === 'set' && (await browser.read(server, 'y')) === 'set';
    },
  },
  {
    id: 'logout',
    title: 'A logout holds, although a slower request saves after it',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      await browser.visit(server, (session) => session.set('since', 'now'));
      const [held, go] = [gate(), gate()];
      const slow = server.visit(browser.cookie, async (session) => {
        session.set('late', 'yes');
        held.open();
        await go.passed;
      });
      await held.passed;
      await browser.visit(server, (session) => session.destroy());
      go.open();
      browser.take(await slow);
      return (await browser.read(server, 'since')) === undefined;
    },
  },
  {
    id: 'types',
    title: 'A Date and a Map come back as a Date and a Map',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      try {
        await browser.visit(server, (session) => {
          session.set('at', new Date(0));
          session.set('cart', new Map([['pear', 2]]));
        });
      } catch {
        return false; // which is better than to change them, and the next check says so
      }
      const [at, cart] = [await browser.read(server, 'at'), await browser.read(server, 'cart')];
      return at instanceof Date && at.getTime() === 0 && cart instanceof Map && cart.get('pear') === 2;
    },
  },
  {
    id: 'loud',
    title: 'A value that cannot be kept (an object of an unknown class) is an error, not something else afterwards',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      try {
        await browser.visit(server, (session) => session.set('owner', new Person('Ada')));
      } catch {
        return true;
      }
      return (await browser.read(server, 'owner')) instanceof Person;
    },
  },
  {
    id: 'hidden',
    title: 'The visitor cannot read what is in the session',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      await browser.visit(server, (session) => session.set('note', 'needle-in-the-session'));
      return !browser.texts().some((text) => text.includes('needle-in-the-session'));
    },
  },
  {
    id: 'name',
    title: 'A cookie’s value does not count under another cookie’s name',
    async run(library) {
      const [server, browser] = [begin(library), new Jar()];
      await browser.visit(server, (session) => session.set('userId', 'u7'));
      if ((await browser.read(server, 'userId')) !== 'u7') throw new Error(`${library.name} loses a value`);
      const other = library.start({ name: 'other', secrets: [SECRET] });
      return (await browser.renamed(NAME, 'other').read(other, 'userId')) === undefined;
    },
  },
  {
    id: 'size',
    title: 'No cookie leaves that browsers would drop: over 4,096 bytes',
    async run(library) {
      const server = begin(library);
      try {
        const lines = await server.visit('', (session) => session.set('text', noise(5000)));
        return lines.every((line) => (line.split(';', 1)[0] ?? '').length - 1 <= MOST_BYTES); // less the equals sign
      } catch {
        return true;
      }
    },
  },
  {
    id: 'rotation',
    title: 'After a change of secrets, sessions of the old one still open',
    async run(library) {
      const browser = new Jar();
      await browser.visit(begin(library, [OLD]), (session) => session.set('userId', 'u7'));
      return (await browser.read(begin(library, [SECRET, OLD]), 'userId')) === 'u7';
    },
  },
  {
    id: 'renewal',
    title: '… and reading one is enough to carry it over to the new secret',
    async run(library) {
      const browser = new Jar();
      await browser.visit(begin(library, [OLD]), (session) => session.set('userId', 'u7'));
      await browser.visit(begin(library, [SECRET, OLD]), (session) => session.get('userId'));
      return (await browser.read(begin(library, [SECRET]), 'userId')) === 'u7';
    },
  },
  {
    id: 'attributes',
    title: 'Secure, HttpOnly and SameSite by default',
    async run(library) {
      const lines = await begin(library).visit('', (session) => session.set('a', 1));
      return (
        lines.length > 0 &&
        lines.every((line) => [/; ?secure/i, /; ?httponly/i, /; ?samesite=/i].every((is) => is.test(line)))
      );
    },
  },
  {
    id: 'prefix',
    title: 'The __Host- prefix by default: no subdomain can plant the cookie',
    async run(library) {
      const lines = await begin(library).visit('', (session) => session.set('a', 1));
      return lines.length > 0 && lines.every((line) => line.startsWith('__Host-'));
    },
  },
  {
    id: 'quiet',
    title: 'A visitor without a session, whose request only reads, gets no cookie',
    run: async (library) => (await begin(library).visit('', (session) => session.get('a'))).length === 0,
  },
];

export async function checkFeatures(): Promise<Features> {
  const libraries = createFeatureLibraries();
  const rows: Features['rows'] = [];
  for (const { id, title, run } of CHECKS) {
    const has: boolean[] = [];
    for (const library of libraries) has.push(await run(library));
    rows.push({ id, title, has });
  }
  return { libraries: libraries.map(({ name }) => name), rows };
}

const begin = (library: Library, secrets = [SECRET]) => library.start({ name: NAME, secrets });

class Person {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A browser's cookies. */
class Jar {
  readonly #cookies = new Map<string, string>();

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async visit(server: Server, handler: (session: SessionView) => unknown): Promise<void> {
    this.take(await server.visit(this.cookie, handler));
  }

  async read(server: Server, key: string): Promise<unknown> {
    let value: unknown;
    await server.visit(this.cookie, (session) => {
      value = session.get(key);
    });
    return value;
  }

  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; ?max-age=0\b|; ?expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  renamed(from: string, to: string): Jar {
    const jar = new Jar();
    for (const [name, value] of this.#cookies) jar.#cookies.set(name.replace(from, to), value);
    return jar;
  }

  /** The values, and what they are where they are base64 of something. */
  texts(): string[] {
    return [...this.#cookies.values()].flatMap((value) => {
      const plain = decodeURIComponent(value);
      return [plain, ...plain.split(/[.*:]/).map((part) => Buffer.from(part, 'base64').toString('latin1'))];
    });
  }
}

/** Resolves when it was called `count` times. */
function meeting(count: number): () => Promise<void> {
  const all = gate();
  let here = 0;
  return () => {
    if (++here === count) all.open();
    return all.passed;
  };
}

function gate(): { open(): void; passed: Promise<void> } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** Text that does not compress, the same in every run. */
function noise(characters: number): string {
  return Array.from({ length: characters }, (_, at) => ((at * 7919) % 36).toString(36)).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const features = await checkFeatures();
  writeFileSync(FEATURES, `${JSON.stringify(features, undefined, 2)}\n`);
  for (const { title, has } of features.rows)
    console.log(`${has.map((is) => (is ? 'yes' : ' no')).join('  ')}  ${title}`);
  console.log(`${features.libraries.join(', ')}\nWritten to ${fileURLToPath(FEATURES)}`);
  process.exit(); // a peer may have left a timer
}
