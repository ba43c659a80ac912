/** A text of JSON goes in; its token, cut into named parts, comes out, and the way back. The demo of the landing page, at build and live. */
import { createSealer, type Sealer, type SealOptions } from '@sealring/codec';

/** The bytes 00 to 1f: the key `demo-1` of the playground, which everyone may know. */
const DEMO_KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const COOKIE_NAME = 'session';
export const FIRST_VALUE = '{"user": "ada", "cart": ["apple", "pear"]}';

export interface Part {
  name: 'lead' | 'key-id' | 'issued-at' | 'nonce' | 'ciphertext' | 'tag';
  text: string;
}

export const createDemoSealer = (): Sealer => createSealer({ keys: [DEMO_KEY], purpose: `cookie:${COOKIE_NAME}` });

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
    ['nonce', 32],
    ['ciphertext', bytes - 16],
    ['tag', bytes],
  ] as const;
  let from = 0;
  return ends.map(([name, end]) => {
    const to = Math.ceil((end * 4) / 3);
    const text = token.slice(from, to);
    from = to;
    return { name, text };
  });
}

/** Another character in the middle of the ciphertext: still a token by its looks. */
export function changeCharacter(token: string): string {
  const at = Math.floor((44 + token.length - 22) / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

export const playgroundLink = (token: string): string =>
  `/playground/#${new URLSearchParams({ view: 'open', token, name: COOKIE_NAME, key: 'demo-1' })}`;
