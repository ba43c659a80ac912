/** A text of JSON goes in; its token, cut into named parts, comes out, and the way back. The demo of the landing page, at build and live. */
import { createSealer, type Sealer, type SealOptions } from '@sealring/codec';
import { cookiePurpose } from '@sealring/wire';

/** The bytes 00 to 1f: the key `demo-1` of the playground, which everyone may know. */
const DEMO_KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const COOKIE_NAME = 'session';
/** The byte at which the ciphertext starts, and the bytes of the tag behind it. FORMAT.md §2. */
const CIPHERTEXT = 24;
const TAG = 16;
export const FIRST_VALUE = '{"user": "ada", "cart": ["apple", "pear"]}';

export interface Part {
  name: 'lead' | 'key-id' | 'issued-at' | 'random' | 'ciphertext' | 'tag';
  text: string;
}

export const createDemoSealer = (): Sealer =>
  createSealer({ keys: [DEMO_KEY], purpose: cookiePurpose(COOKIE_NAME), reserved: true });

/** @throws {SyntaxError} where the text is no JSON. */
export function sealText(sealer: Sealer, text: string, options?: SealOptions): string {
  const value: unknown = JSON.parse(text);
  return sealer.seal(value, options);
}

/** What `open` says, as a program would print it. */
export function openToken(sealer: Sealer, token: string): { isOpen: boolean; says: string } {
  const opened = sealer.safeOpen(token);
  return opened.ok
    ? { isOpen: true, says: JSON.stringify(opened.value, null, 1).replace(/\n\s*/g, ' ') }
    : { isOpen: false, says: `${opened.code}: ${opened.message}` };
}

/** Where a part ends in the middle of a character, the character is counted to it. FORMAT.md §2. */
export function cutToken(token: string): Part[] {
  const bytes = Math.floor((token.length * 3) / 4);
  const ends = [
    ['lead', 1],
    ['key-id', 4],
    ['issued-at', 8],
    ['random', CIPHERTEXT],
    ['ciphertext', bytes - TAG],
    ['tag', bytes],
  ] as const;
  let from = 0;
  return ends.map(([name, end]) => {
    const to = charactersIn(end);
    const text = token.slice(from, to);
    from = to;
    return { name, text };
  });
}

/** The token with another character in the middle of its ciphertext: it still looks like a token. */
export function changeCharacter(token: string): string {
  const at = Math.floor((charactersIn(CIPHERTEXT) + token.length - charactersIn(TAG)) / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

const charactersIn = (bytes: number): number => Math.ceil((bytes * 4) / 3);

export const playgroundLink = (token: string): string =>
  `/playground/#${new URLSearchParams({ view: 'open', token, name: COOKIE_NAME, key: 'demo-1' })}`;
