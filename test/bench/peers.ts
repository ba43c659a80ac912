/** The peers: one small adapter each, value -> cookie text -> value, through the calls that the peer's own documentation recommends. */
import secureSession from '@fastify/secure-session';
import * as iron from '@hapi/iron';
import { fastify } from 'fastify';
import { H3Event, sealSession, unsealSession } from 'h3';
import { sealData, unsealData } from 'iron-session';
import { CompactEncrypt, compactDecrypt } from 'jose';
import Keygrip from 'keygrip';
import { LocalProtocol } from 'paseto';
import { DecryptFactory, EncryptFactory, LocalKeyFromCryptoKey } from 'paseto/v3/local';
import type { JsonObject } from './fixtures.ts';

/** A way to carry a value in a cookie. Both functions may answer with a promise; then the harness awaits it. */
export interface Codec {
  name: string;
  seal(value: JsonObject): string | Promise<string>;
  open(text: string): unknown;
  /** Fields that the peer adds to the value by itself; they are left out of the comparison. */
  adds?: readonly string[];
}

const PASSWORD = 'correct-horse-battery-staple-0123456789-bench';
const KEY: Buffer<ArrayBuffer> = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 73 + 11) & 255));
const SECOND_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 151 + 5) & 255));

/** All peers, made once: keys imported and plugins registered before any clock starts. */
export async function createPeers(): Promise<Codec[]> {
  return [
    ironSession(),
    hapiIron(),
    jose('jose JWE dir A256GCM, bytes', KEY),
    jose('jose JWE dir A256GCM, CryptoKey', await importKey('AES-GCM', ['encrypt', 'decrypt'])),
    h3(),
    await fastifySecureSession(),
    cookieSession(),
    paseto(await importKey('HKDF', ['deriveBits'])),
  ];
}

function ironSession(): Codec {
  return {
    name: 'iron-session',
    seal: (value) => sealData(value, { password: PASSWORD }),
    open: (text) => unsealData(text, { password: PASSWORD }),
  };
}

function hapiIron(): Codec {
  const keys = { encryption: KEY, integrity: SECOND_KEY }; // raw keys: no password derivation, the quickest it offers
  return {
    name: '@hapi/iron, raw key',
    seal: (value) => iron.seal(value, keys, iron.defaults),
    open: (text) => iron.unseal(text, { default: keys }, iron.defaults),
  };
}

// Compact JWE over JSON bytes, not EncryptJWT: no claims to check, so a little quicker, and all that a session needs.
function jose(name: string, key: Uint8Array | CryptoKey): Codec {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    name,
    seal: (value) =>
      new CompactEncrypt(encoder.encode(JSON.stringify(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key),
    open: async (text) => JSON.parse(decoder.decode((await compactDecrypt(text, key)).plaintext)),
  };
}

// What useSession() does with a request, less its cookie parsing: the session object stands in the event's context.
function h3(): Codec {
  const event = new H3Event(new Request('http://localhost/'));
  const config = { password: PASSWORD };
  const session = { id: '5b1c9b7e-3c5f-4d5e-9b0a-1f6f2f3f4a5b', createdAt: 1767225600000, data: {} };
  event.context.sessions = { h3: session };
  return {
    name: 'h3, session defaults',
    seal: (value) => {
      session.data = value;
      return sealSession(event, config);
    },
    open: async (text) => (await unsealSession(event, config, text)).data,
  };
}

async function fastifySecureSession(): Promise<Codec> {
  const app = fastify();
  await app.register(secureSession, { key: KEY });
  await app.ready();
  return {
    name: '@fastify/secure-session',
    seal: (value) => app.encodeSecureSession(app.createSecureSession({ ...value })), // a copy: it adds __ts to what it gets
    open: (text) => app.decodeSecureSession(text)?.data(),
  };
}

// The package has no call of its own for this: its middleware codes with these two lines and signs through `cookies`,
// which signs `name=value` with keygrip and sends a second cookie. Text = both values as the request carries them.
function cookieSession(): Codec {
  const keygrip = new Keygrip([PASSWORD]);
  const glue = '; session.sig=';
  return {
    name: 'cookie-session (signed, SHA-1)',
    seal: (value) => {
      const body = Buffer.from(JSON.stringify(value)).toString('base64');
      return `${body}${glue}${keygrip.sign(`session=${body}`)}`;
    },
    open: (text) => {
      const end = text.indexOf(glue);
      const body = text.slice(0, end);
      if (!keygrip.verify(`session=${body}`, text.slice(end + glue.length))) return undefined;
      return JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
    },
  };
}

function paseto(cryptoKey: CryptoKey): Codec {
  const v3 = new LocalProtocol(EncryptFactory, DecryptFactory);
  const key = LocalKeyFromCryptoKey(cryptoKey);
  return {
    name: 'paseto v3.local',
    seal: (value) => v3.Encrypt(key, value),
    open: async (text) => (await v3.Decrypt(key, text)).claims,
    adds: ['iat', 'exp'],
  };
}

function importKey(algorithm: string, usages: KeyUsage[]): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', KEY, algorithm, false, usages);
}
