/** Any value -> text that tells it from every other one, and the one assertion of the portable checks: Vitest runs in Node only. */

/** A check: its name and what it does. It throws when it fails. */
export type Check = readonly [name: string, check: () => void | Promise<void>];

/** @throws {Error} with both texts when the two values differ in type, content or order. */
export function expectSame(got: unknown, expected: unknown): void {
  const [one, other] = [show(got), show(expected)];
  if (one !== other) throw new Error(`expected ${shorten(other)}, got ${shorten(one)}`);
}

/** @throws {Error} when `run` throws nothing, or an error without this code. */
export async function expectCode(run: () => unknown, code: string): Promise<void> {
  let thrown: unknown = 'nothing thrown';
  try {
    await run();
  } catch (error) {
    thrown = error instanceof Error && 'code' in error ? error.code : error;
  }
  expectSame(thrown, code);
}

/** Unlike JSON it tells -0 from 0, a hole from undefined, a Map from an object, an Int8Array from an Uint8Array. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  return `${value.constructor?.name}${content(value)}`;
}

function content(value: object): string {
  if (Array.isArray(value)) return `[${Array.from(value, show)}]`;
  if (value instanceof Date) return `(${value.getTime()})`;
  if (value instanceof URL) return `(${value.href})`;
  if (value instanceof Map) return `{${Array.from(value, ([key, item]) => `${show(key)}=>${show(item)}`)}}`;
  if (value instanceof Set) return `{${Array.from(value, show)}}`;
  if (ArrayBuffer.isView(value)) return `[${Object.values(value).map(show)}]`;
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${show(item)}`)}}`;
}

function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}
