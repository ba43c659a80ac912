/**
 * `pnpm bench:sizes`: how many characters one small session takes in a cookie, by library -> a table, and the file that the site draws.
 *
 * What runs here is made anew; what does not (other languages, whole frameworks) comes from `recorded-sizes.json` and is marked as such.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Fixture, fixtureOf } from './fixtures.ts';
import { ourCodecs } from './ours.ts';
import { type Codec, createPeers } from './peers.ts';

/** 122 bytes of JSON: what an application keeps of a visitor who has logged in. Nothing in it that JSON cannot say. */
const SESSION = {
  userId: 'u_8f3a2c91',
  name: 'Ada Lovelace',
  roles: ['admin', 'editor'],
  loggedInAt: 1767225600,
  theme: 'dark',
  visits: 7,
};

/** Where the site finds it. */
export const SIZES: URL = new URL('../../site/src/data/comparison/cookie-sizes.json', import.meta.url);

interface SizeRow {
  name: string;
  /** Of the cookie's value, signature cookie included, names not. */
  characters: number;
  /** `signed`: whoever has the cookie can read it. */
  protects: 'encrypted' | 'signed';
  isOurs: boolean;
  /** `recorded`: measured once, elsewhere. */
  from: 'benchmark' | 'recorded';
}

export interface CookieSizes {
  session: unknown;
  jsonBytes: number;
  recorded: string;
  /** Smallest first. */
  rows: SizeRow[];
}

/** Codec -> what to call it, for those whose sizes a cookie shows. The raw-key rows are for speed alone. */
const SHOWN: readonly (readonly [codec: string, name: string, protects: SizeRow['protects']])[] = [
  ['@sealring/codec, sealed', 'Sealring, sealed', 'encrypted'],
  ['@sealring/codec, dictionary', 'Sealring, sealed, with a dictionary', 'encrypted'],
  ['@sealring/codec, signed', 'Sealring, signed', 'signed'],
  ['iron-session', 'iron-session', 'encrypted'],
  ['jose JWE dir A256GCM, bytes', 'jose, JWE A256GCM', 'encrypted'],
  ['h3, session defaults', 'h3 useSession', 'encrypted'],
  ['@fastify/secure-session', '@fastify/secure-session', 'encrypted'],
  ['cookie-session (signed, SHA-1)', 'cookie-session', 'signed'],
  ['paseto v3.local', 'PASETO v3.local', 'encrypted'],
];

export async function measureCookieSizes(): Promise<CookieSizes> {
  const fixture = fixtureOf('S', SESSION);
  const ours = Object.values(ourCodecs(fixture));
  const codecs = [...ours, ...(await createPeers())];
  const rows: SizeRow[] = [];
  for (const [name, shown, protects] of SHOWN) {
    const codec = codecs.find((each) => each.name === name);
    if (codec === undefined) throw new Error(`No codec named ${name}`);
    const characters = await charactersOf(codec, fixture);
    rows.push({ name: shown, characters, protects, isOurs: ours.includes(codec), from: 'benchmark' });
  }
  const recorded = readRecorded();
  for (const row of recorded.rows) rows.push({ ...row, isOurs: false, from: 'recorded' });
  rows.sort((one, other) => one.characters - other.characters);
  return { session: SESSION, jsonBytes: fixture.jsonBytes, recorded: recorded.how, rows };
}

/** Without the name of a second cookie, where the peer has one. */
async function charactersOf(codec: Codec, { value }: Fixture): Promise<number> {
  const text = await codec.seal(value);
  return text.replace(/; [\w.]+=/g, '').length;
}

function readRecorded(): { how: string; rows: Pick<SizeRow, 'name' | 'characters' | 'protects'>[] } {
  return JSON.parse(readFileSync(new URL('recorded-sizes.json', import.meta.url), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await measureCookieSizes();
  writeFileSync(SIZES, `${JSON.stringify(sizes, undefined, 2)}\n`);
  for (const { name, characters, from } of sizes.rows)
    console.log(`${String(characters).padStart(4)}  ${name}, ${from}`);
  console.log(`Written to ${fileURLToPath(SIZES)}`);
}
