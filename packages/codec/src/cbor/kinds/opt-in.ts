/** RegExp and Error <-> values that can be sealed. Both have a risk, so they are sealed only if the application registers these pairs. */

import type { Pair } from './registry.ts';

/** Opt-in: `typeRegistry().register('RegExp', RegExp, regExpType)`. The risk: an attacker with a leaked key can seal a pattern that is slow to match. */
export const regExpType: Pair<RegExp, readonly [source: string, flags: string, lastIndex: number]> = {
  encode: (pattern) => {
    checkDirect(pattern, 'RegExp', 'regExpType');
    return [pattern.source, pattern.flags, pattern.lastIndex];
  },
  decode: ([source, flags, lastIndex]) => Object.assign(new RegExp(source, flags), { lastIndex }),
};

// Own, but not enumerable. Other such properties, including `stack`, are not sealed, because they reveal file names of the server.
const HIDDEN_IN_ERRORS: readonly string[] = ['name', 'message', 'cause'];

/**
 * Opt-in: `typeRegistry().register('Error', Error, errorType)`. Seals the message, the cause and enumerable properties, but not the stack. It is
 * for `Error` only: a subclass, such as TypeError, needs its own pair.
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

/** Throws for an instance of a subclass, because `decode` would return an instance of the base class. */
function checkDirect(value: object, name: string, pair: string): void {
  const prototype: object = Object.getPrototypeOf(value);
  if (Object.hasOwn(prototype, 'constructor') && Reflect.get(prototype, 'constructor')?.name === name) return;
  throw new TypeError(`${pair} is for ${name} only: register a subclass with its own pair`);
}
