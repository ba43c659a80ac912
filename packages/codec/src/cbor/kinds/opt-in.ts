/** Pairs for two built-in classes that are not in the profile because each has a risk; whoever wants them registers them. */

import type { Pair } from './registry.ts';

/** Opt-in: `typeRegistry().register('RegExp', RegExp, regExpType)`. A pattern out of a leaked key's token may be slow to match. */
export const regExpType: Pair<RegExp, readonly [source: string, flags: string, lastIndex: number]> = {
  encode: (pattern) => {
    checkDirect(pattern, 'RegExp', 'regExpType');
    return [pattern.source, pattern.flags, pattern.lastIndex];
  },
  decode: ([source, flags, lastIndex]) => Object.assign(new RegExp(source, flags), { lastIndex }),
};

// Own, but not enumerable. Engines add more of that kind, which tell file names of the server: they stay out, as does the stack.
const HIDDEN_IN_ERRORS: readonly string[] = ['name', 'message', 'cause'];

/**
 * Opt-in: `typeRegistry().register('Error', Error, errorType)`. Message, cause and enumerable properties come back, but no stack. It is for
 * `Error` only: a subclass, such as TypeError, needs a pair of its own.
 */
export const errorType: Pair<Error, Readonly<Record<string, unknown>>> = {
  encode: (error) => {
    checkDirect(error, 'Error', 'errorType');
    const hidden = HIDDEN_IN_ERRORS.filter((name) => Object.hasOwn(error, name));
    const names = new Set([...hidden, ...Object.keys(error)].filter((name) => name !== 'stack'));
    return Object.fromEntries(Array.from(names, (name) => [name, Reflect.get(error, name)]));
  },
  decode: (own) => {
    const error = new Error();
    for (const [name, value] of Object.entries(own)) {
      const enumerable = !HIDDEN_IN_ERRORS.includes(name);
      Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
    }
    Object.defineProperty(error, 'stack', { value: String(error), writable: true, configurable: true });
    return error;
  },
};

/** These pairs make instances of one class, so an instance of a subclass would come back as another. */
function checkDirect(value: object, name: string, pair: string): void {
  const prototype: object = Object.getPrototypeOf(value);
  if (Object.hasOwn(prototype, 'constructor') && Reflect.get(prototype, 'constructor')?.name === name) return;
  throw new TypeError(`${pair} is for ${name} only: register a subclass with a pair of its own`);
}
