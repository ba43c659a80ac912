/** An object -> what it is, in whatever realm it was made: a vm context, an iframe, jsdom, Next's edge sandbox. Never by `instanceof`. */

/** As many as Object.keys would list, without the list. */
export function countEnumerable(value: object, prototype: object | null): number {
  for (const _ in prototype) return Object.keys(value).length; // something was added to the prototype of all objects
  let count = 0;
  for (const _ in value) count++;
  return count;
}

/**
 * An object literal, an object without prototype, or one whose prototype holds nothing, as frameworks make them for queries and cookies: of this
 * realm or another.
 */
export function isPlain(value: object, prototype: object | null): value is Readonly<Record<string, unknown>> {
  if (prototype === Object.prototype || prototype === null) return true;
  if (Object.getPrototypeOf(prototype) !== null) return false;
  const isRoot = Object.hasOwn(prototype, 'hasOwnProperty') && Object.hasOwn(prototype, 'isPrototypeOf');
  return isRoot || Reflect.ownKeys(prototype).length === 0;
}

/** Of this realm or another. A subclass's prototype is no array itself. */
export function isArrayPrototype(prototype: unknown): boolean {
  return prototype === Array.prototype || Array.isArray(prototype);
}

/** Node's Buffer, without naming it where bundlers would bring their own along, and those of other realms. */
export function isBuffer(prototype: object): boolean {
  return (
    prototype === Reflect.get(globalThis, 'Buffer')?.prototype || isBuiltIn(prototype, undefined, 3, 'readUInt32BE')
  );
}

/** What the object calls itself, such as `Date`: true of built-in objects, to be checked of others. A URL may be written in JavaScript. */
export function typeName(value: object, prototype: object): string {
  return prototype === URL.prototype ? 'URL' : Object.prototype.toString.call(value).slice(8, -1);
}

export function className(prototype: object): string {
  const name: unknown = Reflect.get(prototype, 'constructor')?.name;
  return typeof name === 'string' && name !== '' ? name : '(anonymous)';
}

/**
 * Whether `prototype` is that of a built-in class itself, of this realm or another, and not of a subclass.
 *
 * @param own the prototype in this realm.
 * @param levels how many prototypes stand above it, up to the one of all objects.
 * @param method what it has of its own.
 */
export function isBuiltIn(prototype: object, own: object | undefined, levels: number, method: PropertyKey): boolean {
  if (prototype === own) return true;
  let above: object | null = prototype;
  for (let level = 0; level <= levels; level++) above = above && Object.getPrototypeOf(above);
  return above === null && Object.hasOwn(prototype, method);
}

/** Returns what `read` gives, or `undefined` for what only pretends to be of a built-in class, such as Object.create(Map.prototype). */
export function ifReal<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
