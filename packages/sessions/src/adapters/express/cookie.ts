/** `req.session.cookie` as express-session has it, in milliseconds from now, <-> `session.options`, in seconds from the session's creation. */

import { describe, isObject } from '../../options.ts';
import { MAX_COOKIE_AGE } from '../../session/lifetime.ts';
import type { SessionOptions } from '../../session/session.ts';
import type { Visit } from '../../store/visit.ts';
import type { SessionCookie } from './types.ts';

type SameSite = SessionOptions['sameSite'];

/** The cookie of a session that goes on. */
export class LiveCookie implements SessionCookie {
  readonly #visit: () => Visit;
  /** Whether the session ends with this response. */
  isOver = false;

  constructor(visit: () => Visit) {
    this.#visit = visit;
    Object.defineProperty(this, 'isOver', { enumerable: false });
  }

  get maxAge(): number | null {
    const end = this.#end;
    return end === undefined ? null : Math.round((end - this.#visit().named.now()) * 1000);
  }

  /** False, as express-session takes it, is no time either. */
  set maxAge(given: number | Date | false | null | undefined) {
    if (given instanceof Date) this.expires = given;
    else if (typeof given === 'number') this.#endIn(given / 1000);
    else if (given === null || given === undefined || given === false) this.#choose(undefined);
    else throw new TypeError(`"cookie.maxAge" expected milliseconds or null, got ${describe(given)}`);
  }

  get originalMaxAge(): number | null {
    const { maxAge } = this.#visit().draft.options;
    return maxAge === undefined ? null : Math.round(maxAge * 1000);
  }

  set originalMaxAge(given: number | null) {
    this.maxAge = given;
  }

  get expires(): Date | null {
    const end = this.#end;
    return end === undefined ? null : new Date(Math.round(end * 1000));
  }

  set expires(given: Date | string | false | null | undefined) {
    if (given instanceof Date || typeof given === 'string') {
      this.#endIn(new Date(given).getTime() / 1000 - this.#visit().named.now());
    } else this.maxAge = given;
  }

  get httpOnly(): boolean {
    return this.#visit().draft.options.httpOnly;
  }

  set httpOnly(given: boolean) {
    if (given !== this.httpOnly) this.#visit().draft.options.httpOnly = given;
  }

  get sameSite(): SameSite {
    return this.#visit().draft.options.sameSite;
  }

  /** express-session takes true for strict, and false for what browsers do by themselves. */
  set sameSite(given: SameSite | boolean) {
    const sameSite = given === true ? 'strict' : given === false ? 'lax' : given;
    if (sameSite !== this.sameSite) this.#visit().draft.options.sameSite = sameSite;
  }

  get partitioned(): boolean {
    return this.#visit().draft.options.partitioned;
  }

  set partitioned(given: boolean) {
    if (given !== this.partitioned) this.#visit().draft.options.partitioned = given;
  }

  get priority(): SessionOptions['priority'] {
    return this.#visit().draft.options.priority;
  }

  set priority(given: SessionOptions['priority']) {
    if (given !== this.priority) this.#visit().draft.options.priority = given;
  }

  get secure(): boolean {
    return this.#visit().named.attributes.secure;
  }

  set secure(given: boolean) {
    if (given !== this.secure) this.#visit().draft.options.secure = given;
  }

  get path(): string {
    return this.#visit().named.attributes.path;
  }

  set path(given: string) {
    if (given !== this.path) this.#visit().draft.options.path = given;
  }

  get domain(): string | undefined {
    return this.#visit().named.attributes.domain;
  }

  set domain(given: string | undefined) {
    if (given !== this.domain) this.#visit().draft.options.domain = given;
  }

  /** All of it, as values. */
  get data(): SessionCookie {
    const { originalMaxAge, partitioned, priority, expires, secure, httpOnly, domain, path, sameSite, maxAge } = this;
    const data = { originalMaxAge, partitioned, priority, expires, secure, httpOnly, domain, path, sameSite };
    return Object.defineProperty({ ...data, maxAge }, 'maxAge', { enumerable: false });
  }

  toJSON(): SessionCookie {
    return this.data;
  }

  /** Takes over how long another cookie lasts: `req.session.cookie = before.cookie`, as Passport does with `keepSessionInfo`. */
  assign(given: unknown): void {
    if (!isObject(given)) throw new TypeError(`"cookie" expected a cookie of a session, got ${describe(given)}`);
    const maxAge: unknown = Reflect.get(given, 'originalMaxAge') ?? Reflect.get(given, 'maxAge') ?? null;
    if (maxAge !== this.originalMaxAge) Reflect.set(this, 'maxAge', maxAge);
  }

  get #end(): number | undefined {
    const { createdAt, options } = this.#visit().draft;
    return options.maxAge === undefined ? undefined : createdAt + options.maxAge;
  }

  /** A time that is over ends the session with this response: some log out like that. */
  #endIn(seconds: number): void {
    const { named, draft } = this.#visit();
    if (!(seconds > 0)) this.isOver = true;
    else this.#choose(Math.min(Math.floor(named.now()) - draft.createdAt + seconds, MAX_COOKIE_AGE));
  }

  #choose(maxAge: number | undefined): void {
    this.isOver = false;
    this.#visit().draft.options.maxAge = maxAge;
  }
}
