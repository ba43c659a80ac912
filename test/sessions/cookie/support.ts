/** What the cookie tests share: values in which no two places look alike, and candidates as the parser gives them. */
import type { Candidate } from '@sealring/wire';

export const seed = 20_261_124;
export const name = '__Host-login';

export const whole = (value: string): Candidate => ({ value, chunks: 1, broken: false });
export const joined = (value: string, chunks: number): Candidate => ({ value, chunks, broken: false });
export const broken = (chunks: number): Candidate => ({ value: '', chunks, broken: true });

export function headerOf(cookies: readonly { name: string; value: string }[]): string {
  return cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
}

/** Base64url in which no two places look alike, different for each `start`. */
export function text(length: number, start = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let state = start * 7919 + 1;
  const next = () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return alphabet[state >>> 25] ?? 'A';
  };
  return Array.from({ length }, next).join('');
}
