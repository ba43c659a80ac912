/** A caller's option -> the same, checked, or a TypeError or RangeError that names the option, what was expected and what was given. */

import { typedArrayName } from './bytes.ts';

/**
 * Checks the names of own properties only, so that a polluted prototype has no effect. Read the options with `own`.
 *
 * @throws {TypeError} if `options` is not an object, or has a name that is not in `known`: a misspelt limit must not be ignored.
 */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where} expected an object with options, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TypeError(`${where} has no option "${name}"; it takes ${known.join(', ')}`);
  }
}

/** Returns the option if it is an own property, or `undefined`. */
export function own<Options extends object, Name extends keyof Options>(
  options: Options,
  name: Name,
): Options[Name] | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** @throws {RangeError} if `value` is not an integer from `min` to `max`. */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`"${name}" expected an integer from ${min} to ${max}, got ${describe(value)}`);
}

/** @throws {RangeError} if `value` is not a number of seconds from 0 to `max`. */
export function checkSeconds(name: string, value: unknown, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  throw new RangeError(`"${name}" expected seconds from 0 to ${max}, got ${describe(value)}`);
}

/** @throws {TypeError} if `value` is not a string, is empty, or has a lone surrogate. */
export function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.isWellFormed()) return value;
  const got = value === '' ? 'an empty one' : typeof value === 'string' ? 'one with a lone surrogate' : describe(value);
  throw new TypeError(`"${name}" expected a string of at least one character, got ${got}`);
}

/** Describes a value without revealing its contents. Numbers are shown: they are sizes and times, never secrets. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (typedArrayName(value) === 'Uint8Array') return `${Reflect.get(Object(value), 'length')} bytes`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
