/** The values of a session, its methods and its cookie -> one object, whose properties are all of them: `req.session`. */

import { describe } from '../../options.ts';
import type { RequestSession, SessionCookie } from './types.ts';

/** Values by name. */
export interface Values {
  get(name: string): unknown;
  has(name: string): boolean;
  /** `undefined` deletes. */
  assign(name: string, value: unknown): void;
  names(): readonly string[];
}

/** What a facade shows. Each is asked anew. */
export interface Shown {
  readonly values: Values;
  readonly id: string;
  readonly cookie: SessionCookie;
  readonly methods: Pick<RequestSession, 'save' | 'regenerate' | 'destroy' | 'reload'>;
  setCookie(cookie: unknown): void;
}

// Where Node's console.log looks.
const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom');

/** Methods and cookie come first: a value of such a name is neither shown nor set. As in express-session only cookie and values can be enumerated. */
export function createFacade(shown: Shown): RequestSession {
  const target = createTarget(shown, () => facade);
  const isOwn = (name: string | symbol): name is symbol => typeof name === 'symbol' || Object.hasOwn(target, name);
  const facade: RequestSession = new Proxy(target, {
    get(_, name) {
      if (isOwn(name) || !shown.values.has(name)) return Reflect.get(target, name);
      return shown.values.get(name);
    },
    set(_, name, value) {
      if (name === 'cookie') shown.setCookie(value);
      else if (!isOwn(name)) shown.values.assign(name, value);
      else if (typeof name === 'symbol' || typeof value === 'function') override(target, name, value);
      else throw new TypeError(`"${String(name)}" of a session cannot be set to ${describe(value)}: use another name`);
      return true;
    },
    has: (_, name) => Reflect.has(target, name) || shown.values.has(String(name)),
    deleteProperty(_, name) {
      if (typeof name === 'symbol') return Reflect.deleteProperty(target, name);
      if (!isOwn(name)) shown.values.assign(name, undefined);
      return true;
    },
    ownKeys: () => ['cookie', ...shown.values.names().filter((name) => !isOwn(name))],
    getOwnPropertyDescriptor(_, name) {
      if (name !== 'cookie' && (isOwn(name) || !shown.values.has(name))) {
        return Reflect.getOwnPropertyDescriptor(target, name);
      }
      return { value: Reflect.get(facade, name), writable: true, enumerable: true, configurable: true };
    },
    defineProperty(_, name, property) {
      if (isOwn(name) || property.enumerable !== true) return Reflect.defineProperty(target, name, property);
      return Reflect.set(facade, name, property.value);
    },
  });
  return facade;
}

/** All of it can be configured, and nothing enumerated: so the proxy may say otherwise. */
function createTarget(shown: Shown, facade: () => RequestSession): RequestSession {
  const touch = (callback?: (error?: unknown) => void) => {
    if (typeof callback === 'function') queueMicrotask(() => callback());
    return facade();
  };
  const members = { ...shown.methods, touch, resetMaxAge: () => facade(), [INSPECT]: () => ({ ...facade() }) };
  const target = Object.create(Object.prototype, {
    id: { get: () => shown.id, configurable: true },
    cookie: { get: () => shown.cookie, configurable: true },
  });
  for (const name of Reflect.ownKeys(members)) override(target, name, Reflect.get(members, name));
  return target;
}

function override(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
