/** A Node response and what the sessions have to say -> headers, set at once or at the last moment before they are sent. */

import { SessionError } from '../error.ts';
import type { ResponseChanges } from './changes.ts';
import { dropCall, HeldCalls, headersSent, isHead } from './held-calls.ts';
import { answerError, guarded, type Way } from './node-error.ts';
import { changeHeaders, foldHeaders, type NodeHeaders } from './node-headers.ts';
import {
  type Deputy,
  deputyOf,
  type MethodName,
  type Methods,
  overrideSayings,
  overrideSending,
  overrideSetting,
  restoreSending,
  type Saying,
} from './overrides.ts';

/** `http.ServerResponse` or `http2.Http2ServerResponse`: also Express's `res`, Fastify's `reply.raw` and Koa's `ctx.res`. */
export interface NodeResponse extends NodeHeaders {
  statusCode: number;
  readonly headersSent: boolean;
  writeHead(status: number): unknown;
  write(chunk: string): boolean;
  end(): unknown;
  emit(event: 'drain'): boolean;
  destroy(): unknown;
  on?(event: string, listener: (this: object) => void): unknown;
}

/** Saves the sessions. Called at most once. Returns undefined when there is nothing to say to the visitor. */
export type HeaderCommit = () => ResponseChanges | Promise<ResponseChanges | undefined> | undefined;

/** Is told why a save failed. May answer with a page of its own, through the response that it gets. */
export type OnSaveError<Response extends NodeResponse = NodeResponse> = (error: unknown, response: Response) => unknown;

interface Step {
  readonly commit: HeaderCommit;
  /** Answers in place of the handler, once the commit has failed. */
  readonly answer: (error: unknown, way: Way) => void;
  /** Never throws. */
  readonly leave: () => void;
}

type State = 'waiting' | 'committing' | 'committed' | 'open' | 'failed';

/**
 * Sets the headers at once.
 *
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT`.
 */
export function applyToNodeResponse(response: NodeResponse, changes: ResponseChanges): void {
  if (response.headersSent) throw tooLate();
  changeHeaders(response, changes);
}

/**
 * Calls `commit` when the first of writeHead, write, end and flushHeaders is called, and sends nothing before it is done. A commit
 * without a promise delays nothing. While one waits, calls are kept, and the response says of itself what it would say if they had been
 * carried out. Several commits run in the order in which they were added.
 *
 * A visitor may leave before anything is sent. If a stream has been piped into the response, the commits run then, as nothing else would
 * run them. Otherwise the handler may still be at work: `leave` runs, and the commit when the handler answers, if it does.
 *
 * HTTP/2's own `response.stream.respond()` goes past all this.
 *
 * @param onError gets the error of a failed commit, or that of a kept call, which can no longer be thrown at its caller. What the handler
 *   writes from then on is dropped. If `onError`, or the promise that it returns, has not answered, the visitor gets a bare 500.
 * @param leave saves what cannot wait for an answer that may never come.
 * @throws {SessionError} `ERR_SESSION_HEADERS_SENT` when it is too late.
 */
export function beforeHeaders<Response extends NodeResponse>(
  response: Response,
  commit: HeaderCommit,
  onError: OnSaveError<Response>,
  leave: () => unknown = () => {},
): void {
  if (response.headersSent) throw tooLate();
  const deputy = deputyOf(response);
  const bridge = deputy instanceof Bridge ? deputy : new Bridge(response);
  bridge.add({
    commit,
    answer: (error, way) => answerError(response, way, error, onError),
    leave: () => void guarded(leave, (error) => void guarded(() => onError(error, response), console.error)),
  });
}

/** Whether calls of the handler are kept until a commit is done. */
export function isHeld(response: object): boolean {
  const deputy = deputyOf(response);
  return deputy instanceof Bridge && deputy.isHolding;
}

/** One response, and all commits that have to come before its headers. */
class Bridge implements Deputy {
  readonly response: NodeResponse;
  readonly #sending: Methods;
  #setting: Methods = {};
  readonly #steps: Step[] = [];
  #changes: ResponseChanges[] = [];
  #state: State = 'waiting';
  #held: HeldCalls | undefined;
  #status = 0;
  /** What is said by values, not by getters. */
  #values: readonly Saying[] = [];
  #isPiped = false;
  #answer: Step['answer'] | undefined;
  #error: unknown;

  constructor(response: NodeResponse) {
    this.response = response;
    this.#sending = overrideSending(response, this);
    response.on?.('pipe', onPipe);
    response.on?.('close', onClose);
  }

  add(step: Step): void {
    this.#steps.push(step);
    if (this.#state === 'committed') this.#state = 'waiting';
  }

  call(name: MethodName, args: readonly unknown[]): unknown {
    if (name === 'setHeader' || name === 'appendHeader' || name === 'removeHeader') {
      if (this.#held !== undefined) throw headersSent(this.response, 'set');
      return this.#native(name, args);
    }
    const state = this.#state === 'waiting' ? this.#commit() : this.#state;
    if (state === 'committing') return this.#hold(name, args);
    if (state === 'committed') return this.#pass(name, args);
    if (state === 'failed') return dropCall(this.response, { name, args }, this.#error);
    return this.#native(name, args);
  }

  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  say(saying: Saying): boolean | undefined {
    return this.#held && (saying === 'headersSent' || this.#held.hasEnd);
  }

  piped(): void {
    this.#isPiped = true;
  }

  closed(): void {
    if (this.#state !== 'waiting') return;
    if (this.#isPiped) this.#commit();
    else for (const step of this.#steps) step.leave();
  }

  /** Runs what is left of the commits, up to the first that waits. */
  #commit(): State {
    this.#state = 'committing';
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      this.#answer = step.answer;
      try {
        const result = step.commit();
        if (result !== undefined && 'then' in result) {
          result.then(
            (changes) => this.#resume(changes),
            (error: unknown) => this.#fail(error),
          );
          return this.#state;
        }
        if (this.#hasFailed(result)) return this.#state;
      } catch (error) {
        return this.#fail(error);
      }
    }
    return (this.#state = 'committed');
  }

  #resume(changes: ResponseChanges | undefined): void {
    if (!this.#hasFailed(changes) && this.#commit() === 'committed') this.#replay();
  }

  /** Keeps what a commit has to say, of which a part may have failed. */
  #hasFailed(changes: ResponseChanges | undefined): boolean {
    if (changes !== undefined) this.#changes.push(changes);
    if (changes?.failure !== undefined) this.#fail(changes.failure.error);
    return changes?.failure !== undefined;
  }

  #hold(name: MethodName, args: readonly unknown[]): unknown {
    const { response } = this;
    if (this.#held === undefined && (name === 'flushHeaders' || name === '_implicitHeader')) {
      // Through the outermost writeHead: who listens there (compression, express-session) has to set headers before a body is written.
      response.writeHead(response.statusCode);
    }
    if (name === '_implicitHeader') return undefined;
    const held = this.#held ?? new HeldCalls();
    const result = held.add(response, name, args);
    if (this.#held === undefined) {
      this.#held = held;
      this.#status = response.statusCode; // a status that is set from now on comes too late
      this.#setting = overrideSetting(response);
      this.#values = overrideSayings(response);
    }
    for (const saying of this.#values) Reflect.set(response, saying, this.say(saying));
    return result;
  }

  #release(): HeldCalls | undefined {
    const held = this.#held;
    this.#held = undefined;
    for (const saying of this.#values) Reflect.set(this.response, saying, false);
    if (held !== undefined) this.response.statusCode = this.#status;
    return held;
  }

  /** The first call, where no commit has waited. */
  #pass(name: MethodName, args: readonly unknown[]): unknown {
    if (this.#held !== undefined) {
      // A commit has itself written to the response: first things first.
      const result = this.#hold(name, args);
      this.#replay();
      return result;
    }
    // A header that Node rejects throws here, at whoever passed it; the error handler's answer then comes here again.
    const folded = this.#changes.length > 0 && isHead(name) ? foldHeaders(this.response, args) : args;
    this.#state = 'open';
    try {
      this.#applyChanges();
    } catch (error) {
      this.#fail(error);
      return dropCall(this.response, { name, args }, error);
    }
    restoreSending(this.response, this.#sending);
    return this.#native(name, folded);
  }

  /** The calls that were kept while a commit waited. */
  #replay(): void {
    this.#state = 'open';
    const held = this.#release();
    const calls = held?.calls ?? [];
    const results: unknown[] = [];
    try {
      this.#applyChanges();
      for (const { name, args } of calls) results.push(this.#native(name, args));
      restoreSending(this.response, this.#sending);
      // After a write that Node refuses as well, Node emits 'drain'.
      if (held?.hasWaitingWriter && !results.includes(false)) this.#drain();
    } catch (error) {
      this.#fail(error, held, calls.slice(results.length));
    }
  }

  #applyChanges(): void {
    const changes = this.#changes;
    this.#changes = [];
    for (const change of changes) changeHeaders(this.response, change);
  }

  /** From now on the calls of the handler are dropped. */
  #fail(error: unknown, held = this.#release(), calls = held?.calls ?? []): State {
    const { response } = this;
    this.#state = 'failed';
    this.#error = error;
    try {
      if (!response.headersSent) this.#applyChanges(); // what commits have done is done, so the visitor has to hear of it
    } catch {
      // The error that is told came first.
    }
    this.#answer?.(error, { sending: this.#sending, open: (run) => this.#open(run) });
    for (const call of calls) dropCall(response, call, error);
    if (held?.hasWaitingWriter) this.#drain();
    return this.#state;
  }

  /** Runs something whose calls are carried out. */
  #open<T>(run: () => T): T {
    const state = this.#state;
    this.#state = 'open';
    try {
      return run();
    } finally {
      this.#state = state;
    }
  }

  /** In a turn of its own, as Node does: what a listener throws is not ours. */
  #drain(): void {
    queueMicrotask(() => this.response.emit('drain'));
  }

  #native(name: MethodName, args: readonly unknown[]): unknown {
    const native = this.#sending[name] ?? this.#setting[name];
    return typeof native === 'function' ? Reflect.apply(native, this.response, args) : undefined;
  }
}

function onPipe(this: object): void {
  const deputy = deputyOf(this);
  if (deputy instanceof Bridge) deputy.piped();
}

function onClose(this: object): void {
  const deputy = deputyOf(this);
  if (deputy instanceof Bridge) deputy.closed();
}

function tooLate(): SessionError {
  return new SessionError('ERR_SESSION_HEADERS_SENT', 'Cannot set a cookie: the headers have been sent');
}
