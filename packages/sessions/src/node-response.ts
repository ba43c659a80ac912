/** A Node response and what the sessions have to say -> headers, put there at once or at the last moment before they are sent. */

import { SessionError } from './error.ts';
import type { ResponseChanges } from './fetch-response.ts';
import { dropCall, HEADS, type HeldCall, HeldCalls, hasRefused, override } from './held-calls.ts';
import { changeHeaders, dropBodyHeaders, foldHeaders, type NodeHeaders } from './node-headers.ts';

/** `http.ServerResponse` or `http2.Http2ServerResponse`: also Express's `res`, Fastify's `reply.raw` and Koa's `ctx.res`. */
export interface NodeResponse extends NodeHeaders {
  statusCode: number;
  readonly headersSent: boolean;
  writeHead(status: number): unknown;
  write(chunk: string): boolean;
  end(): unknown;
  flushHeaders(): void;
  emit(event: 'drain'): boolean;
  destroy(): unknown;
}

/** Saves the sessions. Called once; undefined when there is nothing to say to the visitor. */
export type HeaderCommit = () => ResponseChanges | Promise<ResponseChanges | undefined> | undefined;

type Method = (...args: unknown[]) => unknown;
type State = 'waiting' | 'committing' | 'committed' | 'open' | 'failed';

interface Step {
  readonly commit: HeaderCommit;
  readonly onError: ((error: unknown) => void) | undefined;
}

// All that makes Node send headers; HTTP/2 has fewer.
const SENDING: readonly string[] = /* @__PURE__ */ HEADS.concat('flushHeaders', 'write', 'end');
const FAILURE = 'Internal Server Error';

// The bridges that have not opened yet, to run commits in the order of their installation: wrapped methods would run the last first.
const bridges: WeakMap<NodeResponse, Bridge> = /* @__PURE__ */ new WeakMap();

/**
 * Puts the changes onto a response whose headers have not been sent.
 *
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT`.
 */
export function applyToNodeResponse(response: NodeResponse, changes: ResponseChanges): void {
  if (response.headersSent) throw headersSent();
  changeHeaders(response, changes);
}

/**
 * Calls `commit` when the first of writeHead, write, end and flushHeaders is called, and sends nothing before it is done. A commit without
 * a promise delays nothing; during one that waits, calls are kept and the response says of itself what it would say if they had been
 * carried out, except that `write` returns false and 'drain' follows. Several commits run in the order of their installation.
 *
 * When a commit fails, the visitor gets a bare 500 and whatever else is written is dropped.
 *
 * @param onError gets the error of a failed commit, or that of a kept call, which can no longer be thrown at its caller; must not throw.
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT` when it is too late.
 */
export function beforeHeaders(response: NodeResponse, commit: HeaderCommit, onError?: (error: unknown) => void): void {
  if (response.headersSent) throw headersSent();
  let bridge = bridges.get(response);
  if (bridge === undefined) bridges.set(response, (bridge = new Bridge(response)));
  bridge.add({ commit, onError });
}

class Bridge {
  readonly #response: NodeResponse;
  readonly #held: HeldCalls;
  readonly #native: Map<string, Method> = new Map();
  readonly #uninstall: (() => void)[] = [];
  readonly #steps: Step[] = [];
  #changes: ResponseChanges[] = [];
  #state: State = 'waiting';
  #onError: Step['onError'];
  #error: unknown;

  constructor(response: NodeResponse) {
    this.#response = response;
    this.#held = new HeldCalls(response);
    for (const name of SENDING) {
      const native: unknown = Reflect.get(response, name);
      if (typeof native !== 'function') continue;
      this.#native.set(name, (...args) => Reflect.apply(native, response, args));
      const value: Method = (...args) => this.#call(name, args);
      this.#uninstall.push(override(response, name, { value, writable: true }));
    }
  }

  add(step: Step): void {
    this.#steps.push(step);
    if (this.#state === 'committed') this.#state = 'waiting';
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const state = this.#state === 'waiting' ? this.#commit() : this.#state;
    if (state === 'committing') return this.#held.add(name, args);
    if (state === 'committed') return this.#pass(name, args);
    if (state === 'failed') return dropCall(this.#response, { name, args }, this.#error);
    return this.#send(name, args);
  }

  /** Runs what is left of the commits, up to the first that waits. */
  #commit(): State {
    this.#state = 'committing';
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      this.#onError = step.onError;
      try {
        const result = step.commit();
        if (result !== undefined && 'then' in result) {
          result.then(
            (changes) => this.#resume(changes),
            (error: unknown) => this.#fail(error),
          );
          return this.#state;
        }
        this.#keep(result);
      } catch (error) {
        return this.#fail(error);
      }
    }
    return (this.#state = 'committed');
  }

  #resume(changes: ResponseChanges | undefined): void {
    this.#keep(changes);
    if (this.#commit() === 'committed') this.#replay();
  }

  #keep(changes: ResponseChanges | undefined): void {
    if (changes !== undefined) this.#changes.push(changes);
  }

  /** The first call, no commit having waited. */
  #pass(name: string, args: readonly unknown[]): unknown {
    if (this.#held.size > 0) {
      // A commit that itself wrote to the response: first things first.
      const result = this.#held.add(name, args);
      this.#replay();
      return result;
    }
    // A header that Node refuses throws here, at whoever passed it; the bridge then stays for the answer of their error handler.
    const folded = this.#changes.length > 0 && HEADS.includes(name) ? foldHeaders(this.#response, args) : args;
    this.#state = 'open';
    try {
      this.#applyChanges();
    } catch (error) {
      this.#fail(error);
      return dropCall(this.#response, { name, args }, error);
    }
    this.#leave();
    return this.#send(name, folded);
  }

  /** The calls that were kept while a commit waited. */
  #replay(): void {
    this.#state = 'open';
    const calls = this.#held.release();
    const results: unknown[] = [];
    try {
      this.#applyChanges();
      for (const { name, args } of calls) results.push(this.#send(name, args));
      this.#leave();
      // After a write that Node refuses as well, Node emits 'drain'.
      if (hasRefused(calls) && !results.includes(false)) this.#drain();
    } catch (error) {
      this.#fail(error, calls.slice(results.length));
    }
  }

  #applyChanges(): void {
    const changes = this.#changes;
    this.#changes = [];
    for (const change of changes) applyToNodeResponse(this.#response, change);
  }

  /** Answers in place of whoever was going to, whose calls are dropped from now on. */
  #fail(error: unknown, calls: readonly HeldCall[] = this.#held.release()): State {
    this.#state = 'open';
    try {
      if (this.#response.headersSent) this.#response.destroy();
      else this.#sendFailure();
    } catch {
      this.#response.destroy();
    }
    this.#state = 'failed';
    this.#error = error;
    for (const call of calls) dropCall(this.#response, call, error);
    if (hasRefused(calls)) this.#drain();
    const onError = this.#onError;
    if (onError !== undefined) queueMicrotask(() => onError(error)); // so that what it throws does not end up in a promise
    return this.#state;
  }

  #sendFailure(): void {
    const response = this.#response;
    // What earlier commits have done is done, so the visitor has to hear of it.
    this.#applyChanges();
    dropBodyHeaders(response);
    response.statusCode = 500;
    if (!('createPushResponse' in response)) Reflect.set(response, 'statusMessage', ''); // HTTP/2 has none, and warns
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', FAILURE.length);
    response.setHeader('Cache-Control', 'no-store');
    this.#send('end', [FAILURE]);
  }

  /** In a turn of its own, as Node does: what a listener throws is not ours. */
  #drain(): void {
    queueMicrotask(() => this.#response.emit('drain'));
  }

  #send(name: string, args: readonly unknown[]): unknown {
    return this.#native.get(name)?.(...args);
  }

  #leave(): void {
    for (const undo of this.#uninstall) undo();
    bridges.delete(this.#response);
  }
}

function headersSent(): SessionError {
  return new SessionError('ERR_SESSION_HEADERS_SENT', 'Cannot set a cookie: the headers have been sent');
}
