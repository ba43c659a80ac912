/** A token -> the same token with one character changed: the character's first bit is turned over. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FIRST_OF_SIX_BITS = 32;

/** Twice is as if never. The first bit always belongs to the part in whose colour the character stands, and never to the spare bits at the end. */
export function flipCharacter(token: string, at: number): string {
  const value = ALPHABET.indexOf(token.charAt(at));
  if (value < 0) return token;
  return token.slice(0, at) + ALPHABET.charAt(value ^ FIRST_OF_SIX_BITS) + token.slice(at + 1);
}
