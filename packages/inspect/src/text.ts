/** Bytes, seconds, counts and lists of words -> text for people. */

/** Returns two hexadecimal digits for each byte. */
export function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns for example `2026-11-23 06:30:00 UTC`. */
export function formatInstant(seconds: number): string {
  if (!(Math.abs(seconds) <= LAST)) return `${seconds} seconds`;
  const text = new Date(Math.floor(seconds) * 1000).toISOString(); // years of six digits have a sign
  return text.replace('T', ' ').replace(/\.\d+Z/, ' UTC');
}

/** Returns for example `4 minutes` or `2 hours 5 minutes`: at most two units, rounded down. */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return 'less than a second';
  const whole = Math.floor(seconds);
  const at = UNITS.findIndex(([, length]) => whole >= length);
  const [unit, length] = UNITS[at] ?? ['second', 1];
  const [lesser, lesserLength] = UNITS[at + 1] ?? ['second', 1];
  const rest = Math.floor((whole % length) / lesserLength);
  const first = count(Math.floor(whole / length), unit);
  return rest === 0 || length === 1 ? first : `${first} ${count(rest, lesser)}`;
}

/** Returns for example `1 byte` or `3 bytes`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** Returns `a`, `a and b`, or `a, b and c`. */
export function join(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const LAST = 8.64e12; // ECMA-262 §21.4.1.1: the last second that a Date can hold
const UNITS: readonly (readonly [string, number])[] = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
