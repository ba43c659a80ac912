/** What most session stores do, for the races to show that they find it: each request loads the whole session and saves it whole. */
import type { IncomingMessage } from 'node:http';

/** What the races do with a session, ours or this one. */
export interface RacedSession {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  update(key: string, update: (value?: number) => number): void;
  addFlash(message: string): void;
  peekFlashes(): unknown[];
  destroy(): void;
}

export class LastWriterWins {
  readonly #saved = new Map<string, Map<string, unknown>>();
  readonly #loaded = new WeakMap<IncomingMessage, WholeSession>();

  /** @returns the Cookie header of a new session. */
  create(): string {
    const cookie = `id=${this.#saved.size}`;
    this.#saved.set(cookie, new Map());
    return cookie;
  }

  get(request: IncomingMessage): RacedSession {
    const session = new WholeSession(this.#saved.get(request.headers.cookie ?? ''));
    this.#loaded.set(request, session);
    return session;
  }

  /** Saves also what was only read, as stores do that renew sessions by writing them. */
  save(request: IncomingMessage): void {
    const session = this.#loaded.get(request);
    const cookie = request.headers.cookie ?? '';
    if (session?.isDestroyed) this.#saved.delete(cookie);
    else if (session !== undefined) this.#saved.set(cookie, session.values);
  }

  look(cookie: string): RacedSession | undefined {
    const saved = this.#saved.get(cookie);
    return saved && new WholeSession(saved);
  }
}

class WholeSession implements RacedSession {
  readonly values: Map<string, unknown>;
  isDestroyed = false;

  constructor(values: ReadonlyMap<string, unknown> = new Map()) {
    this.values = new Map(values);
  }

  get(key: string): unknown {
    return this.values.get(key);
  }

  set(key: string, value: unknown): void {
    this.values.set(key, value);
  }

  update(key: string, update: (value?: number) => number): void {
    const value = this.values.get(key);
    this.values.set(key, update(typeof value === 'number' ? value : undefined));
  }

  addFlash(message: string): void {
    this.values.set('flashes', [...this.peekFlashes(), message]);
  }

  peekFlashes(): unknown[] {
    const flashes = this.values.get('flashes');
    return Array.isArray(flashes) ? flashes : [];
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}
