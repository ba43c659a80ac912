/** An object of any realm (a vm context, an iframe, jsdom, Next's edge sandbox) -> what kind of object it is. Never uses `instanceof`. */

/** Returns `Object.keys(value).length` without making the array. */
export function countEnumerable(value: object, prototype: object | null): number {
  for (const _ in prototype) return Object.keys(value).length; // somebody has extended Object.prototype
  let count = 0;
  for (const _ in value) count++;
  return count;
}

/**
 * Whether `value` is an object literal of any realm, an object without a prototype, or one with an empty prototype, as frameworks make them for
 * queries and cookies.
 */
export function isPlain(value: object, prototype: object | null): value is Readonly<Record<string, unknown>> {
  if (prototype === Object.prototype || prototype === null) return true;
  if (Object.getPrototypeOf(prototype) !== null) return false;
  const isRoot = Object.hasOwn(prototype, 'hasOwnProperty') && Object.hasOwn(prototype, 'isPrototypeOf');
  return isRoot || Reflect.ownKeys(prototype).length === 0;
}

/** Whether `prototype` is the Array.prototype of any realm. That is an array itself; the prototype of a subclass is not. */
export function isArrayPrototype(prototype: unknown): boolean {
  return prototype === Array.prototype || Array.isArray(prototype);
}

/** Whether `prototype` is that of a Buffer of any realm. Does not use the global `Buffer`, because bundlers would then add a polyfill. */
export function isBuffer(prototype: object): boolean {
  return (
    prototype === Reflect.get(globalThis, 'Buffer')?.prototype || isBuiltIn(prototype, undefined, 3, 'readUInt32BE')
  );
}

/** Returns what the object calls itself, such as `Date`. Any object can lie, so the result must be checked. URL comes first because some runtimes write it in JavaScript. */
export function typeName(value: object, prototype: object): string {
  return prototype === URL.prototype ? 'URL' : Object.prototype.toString.call(value).slice(8, -1);
}

export function className(prototype: object): string {
  const name: unknown = Reflect.get(prototype, 'constructor')?.name;
  return typeof name === 'string' && name !== '' ? name : '(anonymous)';
}

/**
 * Whether `prototype` is the prototype of a built-in class of any realm, and not of a subclass.
 *
 * @param own the prototype in this realm.
 * @param levels how many prototypes there are above it, Object.prototype included.
 * @param method a property that it must have itself.
 */
export function isBuiltIn(prototype: object, own: object | undefined, levels: number, method: PropertyKey): boolean {
  if (prototype === own) return true;
  let above: object | null = prototype;
  for (let level = 0; level <= levels; level++) above = above && Object.getPrototypeOf(above);
  return above === null && Object.hasOwn(prototype, method);
}

/** Returns the result of `read`, or `undefined` if it throws because its object only looks built-in, such as Object.create(Map.prototype). */
export function ifReal<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
