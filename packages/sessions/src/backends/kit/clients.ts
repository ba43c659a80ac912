/** A client that the caller passes -> a TypeError if it is known not to work, with what to pass instead. */

/** A client that could be taken for a working one, told apart by what no working one has. */
export interface Mistake {
  is(client: unknown): boolean;
  got: string;
  remedy: string;
}

/** @throws {TypeError} if the client is one of these. */
export function checkMistakes(expected: string, client: unknown, mistakes: readonly Mistake[]): void {
  const mistake = mistakes.find(({ is }) => is(client));
  if (mistake === undefined) return;
  throw new TypeError(`"client" expected ${expected}, got ${mistake.got}: ${mistake.remedy}`);
}

export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof property(value, name) === 'function');
}

/** Returns a property of whatever this is, or `undefined` if it has none. */
export function property(value: unknown, name: string): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? Reflect.get(value, name) : undefined;
}
