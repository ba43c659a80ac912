/** Calls on a Node response -> a list of calls for later. Knows what each call would return, and throws what it would throw. */

import { foldHeaders, type NodeHeaders } from './node-headers.ts';
import type { MethodName } from './overrides.ts';

/** A call that is kept. */
export interface HeldCall {
  readonly name: MethodName;
  readonly args: readonly unknown[];
}

// As much as Node's streams take. A stream of somebody else below, as compression has one, is then full as well, and emits its own 'drain'.
const MAX_BYTES = 65_536;

/** Returns whether a method writes the head of the response. */
export function isHead(name: MethodName): boolean {
  return name === 'writeHead' || name === 'writeHeader' || name === '_implicitHeader';
}

/** The calls that a response keeps while a commit waits, in order. */
export class HeldCalls {
  readonly calls: HeldCall[] = [];
  /** Whether `end` is among the calls. */
  hasEnd = false;
  #bytes = 0;

  /** Whether somebody has got false from `write` and waits for 'drain'. */
  get hasWaitingWriter(): boolean {
    return this.#bytes >= MAX_BYTES && !this.hasEnd;
  }

  /**
   * Adds a call.
   *
   * @returns what the call would return; `write` returns false from 64 KiB on.
   * @throws {Error} what the call would throw: `ERR_HTTP_HEADERS_SENT`, `ERR_INVALID_ARG_TYPE`, `ERR_STREAM_NULL_VALUES`, or an error
   *   about a header.
   */
  add(response: NodeHeaders, name: MethodName, args: readonly unknown[]): unknown {
    if (isHead(name) && this.calls.length > 0) throw headersSent(response, 'write');
    checkChunk(name, args[0]);
    this.calls.push({ name, args: isHead(name) ? foldHeaders(response, args) : args });
    this.hasEnd ||= name === 'end';
    if (name !== 'write') return returnValue(response, name);
    this.#bytes += sizeOf(args[0]);
    return this.#bytes < MAX_BYTES;
  }
}

/**
 * Tells whoever waits for a call that it will not be carried out.
 *
 * @returns what the call would return; `write` returns true.
 */
export function dropCall(response: object, { name, args }: HeldCall, error: unknown): unknown {
  const callback = args.findLast((arg) => typeof arg === 'function');
  if (typeof callback === 'function') queueMicrotask(() => callback(error));
  return name === 'write' || returnValue(response, name);
}

/** Returns the error of Node for headers that come too late. */
export function headersSent(response: object, verb: 'set' | 'write'): Error {
  const code = 'createPushResponse' in response ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT';
  return Object.assign(new Error(`Cannot ${verb} headers after they are sent to the client`), { code });
}

/** At least: a character of a string may have several bytes. */
function sizeOf(chunk: unknown): number {
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : typeof chunk === 'string' ? chunk.length : 0;
}

function returnValue(response: object, name: MethodName): unknown {
  return name === 'flushHeaders' || name === '_implicitHeader' ? undefined : response;
}

function checkChunk(name: MethodName, chunk: unknown): void {
  if (name !== 'write' && (name !== 'end' || !chunk || typeof chunk === 'function')) return;
  if (typeof chunk === 'string' || ArrayBuffer.isView(chunk)) return;
  const code = chunk === null ? 'ERR_STREAM_NULL_VALUES' : 'ERR_INVALID_ARG_TYPE';
  throw Object.assign(new TypeError(`"chunk" expected a string or a Uint8Array, got ${typeof chunk}`), { code });
}
