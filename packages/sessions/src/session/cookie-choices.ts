/** `session.options`: the lifetime of one session and the attributes of the cookie of one response. */

import { checkDuration, describe } from '../options.ts';
import type { Choices, Keeper } from './keeper.ts';
import { MAX_COOKIE_AGE } from './lifetime.ts';
import type { SessionOptions } from './session.ts';

/** What the choices need to know of their session. */
interface Owner {
  readonly createdAt: number;
  readonly keeper: Pick<Keeper, 'now' | 'lifetime' | 'attributes' | 'record'>;
  checkOpen(): void;
  /** There is something to save. */
  touch(): void;
}

const SAME_SITE: readonly unknown[] = ['strict', 'lax', 'none'];
const PRIORITY: readonly unknown[] = ['low', 'medium', 'high', undefined];

export class CookieChoices implements SessionOptions {
  readonly #owner: Owner;
  readonly #loadedMaxAge: number | undefined;
  #maxAge: number | undefined;
  #chosen: Partial<Choices> | undefined;

  constructor(owner: Owner) {
    const { lifetime, record } = owner.keeper;
    this.#owner = owner;
    this.#loadedMaxAge = record.maxAge === undefined ? lifetime.maxAge : (record.maxAge ?? undefined);
    this.#maxAge = this.#loadedMaxAge;
    Object.preventExtensions(this);
  }

  get maxAge(): number | undefined {
    return this.#maxAge;
  }

  set maxAge(given: number | undefined) {
    this.#owner.checkOpen();
    const seconds = checkDuration('options.maxAge', given, MAX_COOKIE_AGE);
    const age = this.#owner.keeper.now() - this.#owner.createdAt;
    if (seconds !== undefined && seconds <= age) {
      const why = 'it counts from the creation of the session. Call logout() to end it now';
      throw new RangeError(
        `"options.maxAge" expected more than the ${Math.floor(age)} seconds that have passed, got ${seconds}: ${why}`,
      );
    }
    this.#maxAge = seconds;
    if (this.isMaxAgeSet) this.#owner.touch();
  }

  get httpOnly(): boolean {
    return this.#chosen?.httpOnly ?? this.#attributes.httpOnly;
  }

  set httpOnly(value: boolean) {
    this.#choose({ httpOnly: checkBoolean('options.httpOnly', value) });
  }

  get sameSite(): 'strict' | 'lax' | 'none' {
    return this.#chosen?.sameSite ?? this.#attributes.sameSite;
  }

  set sameSite(value: 'strict' | 'lax' | 'none') {
    if (!SAME_SITE.includes(value)) {
      throw new TypeError(`"options.sameSite" expected "strict", "lax" or "none", got ${describe(value)}`);
    }
    if (value === 'none') this.#checkSecure('sameSite', '"none"');
    this.#choose({ sameSite: value });
  }

  get partitioned(): boolean {
    return this.#chosen?.partitioned ?? this.#attributes.partitioned;
  }

  set partitioned(value: boolean) {
    if (checkBoolean('options.partitioned', value)) this.#checkSecure('partitioned', 'true');
    this.#choose({ partitioned: value });
  }

  get priority(): 'low' | 'medium' | 'high' | undefined {
    return this.#chosen !== undefined && 'priority' in this.#chosen ? this.#chosen.priority : this.#attributes.priority;
  }

  set priority(value: 'low' | 'medium' | 'high' | undefined) {
    if (!PRIORITY.includes(value)) {
      throw new TypeError(`"options.priority" expected "low", "medium", "high" or undefined, got ${describe(value)}`);
    }
    this.#choose({ priority: value });
  }

  set domain(_value: unknown) {
    throw elsewhere('domain');
  }

  set path(_value: unknown) {
    throw elsewhere('path');
  }

  set secure(_value: unknown) {
    throw elsewhere('secure');
  }

  set prefix(_value: unknown) {
    throw elsewhere('prefix');
  }

  // For the store.

  /** What was chosen for this response, or `undefined` if nothing was. */
  get chosen(): Partial<Choices> | undefined {
    return this.#chosen;
  }

  get isMaxAgeSet(): boolean {
    return this.#maxAge !== this.#loadedMaxAge;
  }

  /** What the record has to remember: nothing if it is the default. */
  get ownMaxAge(): number | null | undefined {
    return this.#maxAge === this.#owner.keeper.lifetime.maxAge ? undefined : (this.#maxAge ?? null);
  }

  /** A login starts with the default lifetime, unless this request has chosen another. */
  resetMaxAge(): void {
    this.#maxAge = this.#owner.keeper.lifetime.maxAge;
  }

  #choose(chosen: Partial<Choices>): void {
    this.#owner.checkOpen();
    this.#chosen = { ...this.#chosen, ...chosen };
    this.#owner.touch();
  }

  get #attributes(): Keeper['attributes'] {
    return this.#owner.keeper.attributes;
  }

  #checkSecure(name: string, value: string): void {
    if (!this.#attributes.secure) {
      throw new TypeError(`"options.${name}" expected a cookie with "secure", which browsers require for ${value}`);
    }
  }
}

function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`"${name}" expected true or false, got ${describe(value)}`);
}

function elsewhere(name: string): TypeError {
  const why = 'with another value it would be another cookie';
  const remedy = 'set it in the option "cookie" of the store or of defineSession()';
  return new TypeError(`"options.${name}" cannot be changed for one session, because ${why}: ${remedy}`);
}
