/**
 * A Node response and its deputy -> the same response, with methods and properties that the deputy answers for.
 *
 * Every response gets the same functions, by assignments that name the property, and loses no property again. With functions of its own,
 * `defineProperty`, computed names or `delete`, V8 takes ten times as long here, and longer for all that Node does afterwards.
 */

/**
 * Methods that make Node send headers (HTTP/2 has fewer; `writeHeader` is an old name, and some middleware calls `_implicitHeader`), and methods that
 * throw once headers are sent.
 */
export type MethodName =
  | ('writeHead' | 'writeHeader' | '_implicitHeader' | 'flushHeaders' | 'write' | 'end')
  | ('setHeader' | 'appendHeader' | 'removeHeader');

export type Methods = { [Name in MethodName]?: unknown };

/** What a response says of itself. */
export type Saying = 'headersSent' | 'writableEnded' | 'finished';

/** Answers in place of a response. */
export interface Deputy {
  readonly response: object;
  /** Carries out the call of an overridden method. */
  call(name: MethodName, args: readonly unknown[]): unknown;
  /** Returns what the response shall say, or undefined where it may say how it is. */
  say(saying: Saying): boolean | undefined;
}

const DEPUTY: unique symbol = /* @__PURE__ */ Symbol('sealring.deputy');

interface Overridable extends Methods {
  [DEPUTY]?: Deputy;
  finished?: unknown;
}

const METHODS = {
  writeHead: /* @__PURE__ */ method('writeHead'),
  writeHeader: /* @__PURE__ */ method('writeHeader'),
  _implicitHeader: /* @__PURE__ */ method('_implicitHeader'),
  flushHeaders: /* @__PURE__ */ method('flushHeaders'),
  write: /* @__PURE__ */ method('write'),
  end: /* @__PURE__ */ method('end'),
  setHeader: /* @__PURE__ */ method('setHeader'),
  appendHeader: /* @__PURE__ */ method('appendHeader'),
  removeHeader: /* @__PURE__ */ method('removeHeader'),
};

const GETTERS = {
  headersSent: /* @__PURE__ */ getter('headersSent'),
  writableEnded: /* @__PURE__ */ getter('writableEnded'),
  finished: /* @__PURE__ */ getter('finished'),
};

/** Returns who answers for a response, if anybody does. */
export function deputyOf(response: Overridable): Deputy | undefined {
  return response[DEPUTY];
}

/** Overrides the methods that send headers. @returns the methods that were there. */
export function overrideSending(response: Overridable, deputy: Deputy): Methods {
  const { writeHead, writeHeader, _implicitHeader, flushHeaders, write, end } = response;
  response[DEPUTY] = deputy;
  response.writeHead = METHODS.writeHead;
  if (writeHeader !== undefined) response.writeHeader = METHODS.writeHeader;
  if (_implicitHeader !== undefined) response._implicitHeader = METHODS._implicitHeader;
  if (flushHeaders !== undefined) response.flushHeaders = METHODS.flushHeaders;
  response.write = METHODS.write;
  response.end = METHODS.end;
  return { writeHead, writeHeader, _implicitHeader, flushHeaders, write, end };
}

/** Undoes `overrideSending`, except where somebody has put a method of theirs over ours meanwhile. */
export function restoreSending(response: Overridable, methods: Methods): void {
  if (response.writeHead === METHODS.writeHead) response.writeHead = methods.writeHead;
  if (response.writeHeader === METHODS.writeHeader) response.writeHeader = methods.writeHeader;
  if (response._implicitHeader === METHODS._implicitHeader) response._implicitHeader = methods._implicitHeader;
  if (response.flushHeaders === METHODS.flushHeaders) response.flushHeaders = methods.flushHeaders;
  if (response.write === METHODS.write) response.write = methods.write;
  if (response.end === METHODS.end) response.end = methods.end;
}

/** Overrides the methods that set headers. @returns the methods that were there. */
export function overrideSetting(response: Overridable): Methods {
  const { setHeader, appendHeader, removeHeader } = response;
  response.setHeader = METHODS.setHeader;
  if (appendHeader !== undefined) response.appendHeader = METHODS.appendHeader;
  response.removeHeader = METHODS.removeHeader;
  return { setHeader, appendHeader, removeHeader };
}

/**
 * Overrides what the response says of itself, where that is a getter of its prototype.
 *
 * @returns what are values of the response itself, which the caller has to set.
 */
export function overrideSayings(response: Overridable): Saying[] {
  const sayings: Saying[] = ['headersSent', 'writableEnded', 'finished'];
  return sayings.filter((saying) => {
    const own = Object.getOwnPropertyDescriptor(response, saying);
    if (own === undefined) Object.defineProperty(response, saying, GETTERS[saying]);
    return own?.writable === true;
  });
}

function method(name: MethodName): (this: Overridable, ...args: unknown[]) => unknown {
  return function (...args) {
    return this[DEPUTY]?.call(name, args);
  };
}

function getter(saying: Saying): PropertyDescriptor {
  return {
    get(this: Overridable): unknown {
      const deputy = this[DEPUTY];
      if (deputy === undefined) return undefined;
      // Not `this`, which may be an object that inherits from the response.
      return deputy.say(saying) ?? Reflect.get(Object.getPrototypeOf(deputy.response), saying, deputy.response);
    },
    configurable: true,
  };
}
