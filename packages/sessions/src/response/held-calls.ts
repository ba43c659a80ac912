/** Calls on a Node response -> a list of calls for later. Knows what each call would return, and throws what it would throw. */

import { foldHeaders, type NodeHeaders } from './node-headers.ts';
import type { MethodName } from './overrides.ts';

/** A call that is kept. */
export interface HeldCall {
  readonly name: MethodName;
  readonly args: readonly unknown[];
}

/** Returns whether a method writes the head of the response. */
export function isHead(name: MethodName): boolean {
  return name === 'writeHead' || name === 'writeHeader' || name === '_implicitHeader';
}

/**
 * Adds a call to the list.
 *
 * @returns what the call would return, except that `write` always returns false.
 * @throws {Error} what the call would throw: `ERR_HTTP_HEADERS_SENT`, `ERR_INVALID_ARG_TYPE`, `ERR_STREAM_NULL_VALUES`, or an error
 *   about a header.
 */
export function holdCall(calls: HeldCall[], response: NodeHeaders, { name, args }: HeldCall): unknown {
  if (isHead(name) && calls.length > 0) throw headersSent(response, 'write');
  checkChunk(name, args[0]);
  calls.push({ name, args: isHead(name) ? foldHeaders(response, args) : args });
  return returnValue(response, name, false);
}

/** Tells whoever waits for a call that it will not be carried out. @returns what the call would return; `write` returns true. */
export function dropCall(response: object, { name, args }: HeldCall, error: unknown): unknown {
  const callback = args.findLast((arg) => typeof arg === 'function');
  if (typeof callback === 'function') queueMicrotask(() => callback(error));
  return returnValue(response, name, true);
}

/** Returns whether `end` is among the calls. */
export function hasEnd(calls: readonly HeldCall[]): boolean {
  return calls.some(({ name }) => name === 'end');
}

/** Returns whether somebody has got false from `write` and waits for 'drain'. */
export function hasWaitingWriter(calls: readonly HeldCall[]): boolean {
  return calls.some(({ name }) => name === 'write') && !hasEnd(calls);
}

/** Returns the error of Node for headers that come too late. */
export function headersSent(response: object, verb: 'set' | 'write'): Error {
  const code = 'createPushResponse' in response ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT';
  return Object.assign(new Error(`Cannot ${verb} headers after they are sent to the client`), { code });
}

function returnValue(response: object, name: MethodName, isTaken: boolean): unknown {
  if (name === 'write') return isTaken;
  return name === 'flushHeaders' || name === '_implicitHeader' ? undefined : response;
}

function checkChunk(name: MethodName, chunk: unknown): void {
  if (name !== 'write' && (name !== 'end' || !chunk || typeof chunk === 'function')) return;
  if (typeof chunk === 'string' || ArrayBuffer.isView(chunk)) return;
  const code = chunk === null ? 'ERR_STREAM_NULL_VALUES' : 'ERR_INVALID_ARG_TYPE';
  throw Object.assign(new TypeError(`"chunk" expected a string or a Uint8Array, got ${typeof chunk}`), { code });
}
