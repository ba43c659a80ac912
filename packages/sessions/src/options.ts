/** Checks of what the caller passes: TypeError or RangeError that names the option, what was expected and what came. */

/**
 * Returns a copy that has only the options' own properties, so that a polluted prototype changes nothing.
 *
 * @throws {TypeError} when `options` is not an object or has a name that is not in `known`.
 */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  known: readonly string[],
): Options {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where} expected an object with options, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TypeError(`${where} has no option "${name}"; it takes ${known.join(', ')}`);
  }
  return Object.assign(Object.create(null), options);
}

/**
 * @returns the number of seconds, or undefined.
 * @throws {RangeError} when it is neither. Zero is refused: elsewhere it means "now", "never" or "until the browser closes".
 */
export function checkDuration(name: string, value: unknown, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= most) return value;
  throw new RangeError(`"${name}" expected seconds over 0 and up to ${most}, or undefined, got ${describe(value)}`);
}

/** @throws {TypeError} when it is neither a function nor undefined. */
export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`"${name}" expected a function, got ${describe(value)}`);
}

/** @throws {TypeError} when it is no boolean. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`"${name}" expected true or false, got ${describe(value)}`);
}

/** @throws {TypeError} when it is not a string, or empty. */
export function checkString(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new TypeError(`"${name}" expected a string of at least one character, got ${describe(value)}`);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What something is, without saying what it holds. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
