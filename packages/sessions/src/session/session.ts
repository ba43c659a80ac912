/** A session as its users see it. Its one implementation is session-object.ts. */

/** Why a presented cookie was rejected. Stable, for logs and branches. */
export type Rejection =
  | 'malformed'
  | 'version'
  | 'unknown-key'
  | 'tampered'
  | 'expired'
  | 'future'
  | 'payload'
  | 'unknown-type'
  | 'revoked'
  | 'gone'
  | 'invalid';

/** What can be changed for one session. Everything else about its cookie belongs to the store or the definition. */
export interface SessionOptions {
  /** Seconds from creation until the session ends, remembered inside the seal. `undefined`: until the browser closes. */
  maxAge: number | undefined;
  /** Of the cookie that this response sets. Not remembered: for every response, set it in the store's or the definition's `cookie`. */
  httpOnly: boolean;
  sameSite: 'strict' | 'lax' | 'none';
  partitioned: boolean;
  priority: 'low' | 'medium' | 'high' | undefined;
}

/** What can be read of every session, whatever the type of its values. */
export interface ReadonlySessionBase<Message = unknown> {
  /** Changes with `login` and `regenerate`. Not secret: it opens nothing. */
  readonly id: string;
  /** The name of the session: the cookie's name without its prefix. */
  readonly name: string;
  /** Whether this request brought no session that could be opened. */
  readonly isNew: boolean;
  /** When the session began, or its last login, in whole seconds since the epoch. */
  readonly createdAt: number;
  /** When it ends unless a request renews it, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Why the presented cookie was rejected, if one was. */
  readonly rejected: Rejection | undefined;
  readonly options: Readonly<SessionOptions>;
  /** Whose session it is: what `login` was called with. */
  readonly subject: string | undefined;
  /** When the subject logged in, in whole seconds since the epoch. */
  readonly authenticatedAt: number | undefined;
  /** How many values there are. */
  readonly size: number;
  /** Returns the messages of a bag, which stay. */
  peekFlashes(bag?: string): Message[];
}

/** A session to look at, as `peek` returns it. What is changed in a value that it gives is saved nowhere. */
export interface ReadonlySession extends ReadonlySessionBase {
  get(key: unknown): unknown;
  has(key: unknown): boolean;
  keys(): IterableIterator<unknown>;
  values(): IterableIterator<unknown>;
  entries(): IterableIterator<[unknown, unknown]>;
  [Symbol.iterator](): IterableIterator<[unknown, unknown]>;
}

/** A session to look at whose keys and values have known types. It is accepted wherever a `ReadonlySession` is. */
export interface ReadonlySessionOf<Values extends object, Message = unknown> extends ReadonlySessionBase<Message> {
  get<Key extends keyof Values & string>(key: Key): Values[Key] | undefined;
  has(key: keyof Values & string): boolean;
  keys(): IterableIterator<keyof Values & string>;
  values(): IterableIterator<Values[keyof Values & string]>;
  entries(): IterableIterator<[keyof Values & string, Values[keyof Values & string]]>;
  [Symbol.iterator](): IterableIterator<[keyof Values & string, Values[keyof Values & string]]>;
}

/** What every session has, whatever the type of its values. */
export interface SessionBase<Message = unknown> extends ReadonlySessionBase<Message> {
  readonly options: SessionOptions;
  /** Removes all values; flash messages stay. */
  clear(): void;
  /** Adds a message that lasts until it is read. */
  addFlash(message: Message, bag?: string): void;
  /**
   * Returns the messages of a bag and removes them. They stay if nobody may be looking: in answer to HEAD, to a prefetch and to a prerender.
   *
   * In a component that renders after the response has begun, this works if the session is in a backend: the record is then written once more. If the
   * session is in its cookie, it returns no messages, because they could not be removed and would come back on every page. They stay for a page that
   * reads them before its response begins, the event `unsaved` tells of it, and during development a warning.
   */
  flashes(bag?: string): Message[];
  /** Keeps the messages that this request has read for the next one; without a bag, those of all bags. */
  keepFlashes(bag?: string): void;
  /**
   * Logs a user in: the session gets a new id and a new lifetime, keeps its values, and belongs to `subject` from now on. The old id opens nothing
   * once the session is saved; in a cookie store that needs the option `revocations`.
   *
   * Call it after the password was checked. A `revokeAll` that comes between the two does not end this login.
   *
   * @param subject what `revokeAll` and `list` know the user by, for example the user's id.
   * @throws {TypeError} if `subject` is not a string, or empty.
   * @throws {SessionError} `ERR_SESSION_BACKEND`, `ERR_SESSION_COMMITTED`, `ERR_SESSION_DESTROYED`.
   */
  login(subject: string): Promise<void>;
  /**
   * Ends the session. In a server store, and in a cookie store with `revocations`, neither a request in flight nor a copy of the cookie brings it back.
   * Without `revocations` a copy of the cookie opens until it expires.
   */
  logout(): void;
  /** The same as `logout`. */
  destroy(): void;
  /** Gives the session a new id, with the same values and the same time of creation: for changes of privilege other than a login. */
  regenerate(): Promise<void>;
}

/** A session: always one, even if it is empty. Keys are primitive values; keys and values keep their types. */
export interface Session extends SessionBase, ReadonlySession {
  readonly options: SessionOptions;
  set(key: unknown, value: unknown): this;
  /** Returns whether there was such a key. */
  delete(key: unknown): boolean;
  /** Returns the value and removes it. */
  pop(key: unknown): unknown;
  /** Sets what `update` returns. On a conflict it is called again with the newest value, so that no increment is lost. */
  update<Value = number>(key: unknown, update: (value: Value | undefined) => Value): void;
}

/** A session whose keys and values have known types. It is accepted wherever a `Session` is. */
export interface SessionOf<Values extends object, Message = unknown>
  extends SessionBase<Message>,
    ReadonlySessionOf<Values, Message> {
  readonly options: SessionOptions;
  set<Key extends keyof Values & string>(key: Key, value: Exclude<Values[Key], undefined>): this;
  /** Returns whether there was such a key. */
  delete(key: keyof Values & string): boolean;
  /** Returns the value and removes it. */
  pop<Key extends keyof Values & string>(key: Key): Values[Key] | undefined;
  /** Sets what `update` returns. On a conflict it is called again with the newest value. */
  update<Key extends keyof Values & string>(
    key: Key,
    update: (value: Values[Key] | undefined) => Exclude<Values[Key], undefined>,
  ): void;
  /** Never matches a call: it makes a session of a definition assignable to `Session`. */
  update(key: never, update: never): void;
}
