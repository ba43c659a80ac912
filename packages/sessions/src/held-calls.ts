/** Calls on a Node response -> the same calls later; until then the response looks as if they had been carried out. */

import { foldHeaders, type NodeHeaders } from './node-headers.ts';

interface Holdable extends NodeHeaders {
  statusCode: number;
  emit(event: 'drain'): boolean;
}

export interface HeldCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** `writeHeader` is an old name of writeHead; `_implicitHeader` is what Node and compression middleware call for want of a writeHead. */
export const HEADS: readonly string[] = ['writeHead', 'writeHeader', '_implicitHeader'];

export class HeldCalls {
  readonly #response: Holdable;
  #calls: HeldCall[] = [];
  #disguise: (() => void)[] = [];
  #status = 0;

  constructor(response: Holdable) {
    this.#response = response;
  }

  get size(): number {
    return this.#calls.length;
  }

  /**
   * @returns what the call would, except that a write is always refused.
   * @throws {Error} what the call would: `ERR_HTTP_HEADERS_SENT`, `ERR_INVALID_ARG_TYPE`, `ERR_STREAM_NULL_VALUES`, a refused header.
   */
  add(name: string, args: readonly unknown[]): unknown {
    if (HEADS.includes(name) && this.#calls.length > 0) {
      if (name === '_implicitHeader') return undefined;
      throw headersSent(this.#response, 'write');
    }
    checkChunk(name, args[0]);
    const folded = HEADS.includes(name) ? foldHeaders(this.#response, args) : args;
    if (this.#calls.length === 0) this.#putOnDisguise();
    this.#calls.push({ name, args: folded });
    return returnValue(this.#response, name, false);
  }

  /** Ends the disguise and forgets the calls. */
  release(): readonly HeldCall[] {
    const calls = this.#calls;
    for (const undo of this.#disguise) undo();
    if (calls.length > 0) this.#response.statusCode = this.#status;
    this.#calls = [];
    this.#disguise = [];
    return calls;
  }

  #putOnDisguise(): void {
    const response = this.#response;
    const hasEnded = (): boolean => this.#calls.some(({ name }) => name === 'end');
    const refuse = (): never => {
      throw headersSent(response, 'set');
    };
    this.#status = response.statusCode; // what is set from now on is too late
    this.#disguise = [
      override(response, 'headersSent', { get: () => true }),
      override(response, 'writableEnded', { get: hasEnded }),
      override(response, 'finished', { get: hasEnded }),
      override(response, 'writableNeedDrain', { get: () => hasRefused(this.#calls) }),
      ...['setHeader', 'appendHeader', 'removeHeader'].map((name) =>
        override(response, name, { value: refuse, writable: true }),
      ),
    ];
  }
}

/** @returns whether somebody waits for 'drain'. */
export function hasRefused(calls: readonly HeldCall[]): boolean {
  return calls.some(({ name }) => name === 'write') && !calls.some(({ name }) => name === 'end');
}

/** Tells whoever waits for a call that it will not be carried out. @returns what the call would; a write counts as taken. */
export function dropCall(response: object, { name, args }: HeldCall, error: unknown): unknown {
  const callback = args.findLast((arg) => typeof arg === 'function');
  if (typeof callback === 'function') queueMicrotask(() => callback(error));
  return returnValue(response, name, true);
}

/**
 * Gives an object a property of its own.
 *
 * @returns takes it away again, unless somebody has put theirs in its place meanwhile.
 */
export function override(target: object, name: string, property: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { ...property, configurable: true });
  return () => {
    const present = Object.getOwnPropertyDescriptor(target, name);
    if (present?.value !== property.value || present?.get !== property.get) return;
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

function returnValue(response: object, name: string, taken: boolean): unknown {
  if (name === 'write') return taken;
  return name === 'flushHeaders' || name === '_implicitHeader' ? undefined : response;
}

function checkChunk(name: string, chunk: unknown): void {
  if (name !== 'write' && (name !== 'end' || !chunk || typeof chunk === 'function')) return;
  if (typeof chunk === 'string' || ArrayBuffer.isView(chunk)) return;
  const code = chunk === null ? 'ERR_STREAM_NULL_VALUES' : 'ERR_INVALID_ARG_TYPE';
  throw Object.assign(new TypeError(`"chunk" expected a string or a Uint8Array, got ${typeof chunk}`), { code });
}

function headersSent(response: object, verb: 'set' | 'write'): Error {
  const code = 'createPushResponse' in response ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT';
  return Object.assign(new Error(`Cannot ${verb} headers after they are sent to the client`), { code });
}
