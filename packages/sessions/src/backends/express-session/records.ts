/** Sealed sessions in a backend: reads, writes, removes and finds them. Knows nothing of objects, callbacks and merges. */

import { createVersion } from '../../ambient.ts';
import type { Rejection } from '../../session/session.ts';
import { type Backend, backendFailed, type ManagedBackend, type MaybePromise, type StoredRecord } from '../backend.ts';
import type { Contents, Opened, Place, Seals } from './seals.ts';

/** A record that could be opened. */
export interface KeptSession extends Opened {
  readonly stored: StoredRecord;
}

/** Every method throws {SessionError} `ERR_SESSION_BACKEND` if the backend fails. */
export class SessionRecords {
  readonly #backend: Backend & Partial<Pick<ManagedBackend, 'close'>>;
  readonly #seals: Seals;
  readonly #now: () => number;
  readonly #onReject: (reason: Rejection) => void;

  constructor(backend: Backend, seals: Seals, now: () => number, onReject: (reason: Rejection) => void) {
    this.#backend = backend;
    this.#seals = seals;
    this.#now = now;
    this.#onReject = onReject;
  }

  async read(place: Place): Promise<KeptSession | undefined> {
    const stored = await this.find(place.id);
    return stored && this.open(place, stored);
  }

  async find(id: string): Promise<StoredRecord | undefined> {
    return await ask(() => this.#backend.get(id));
  }

  /** Returns `undefined` and reports why if the record cannot be opened. */
  open(place: Place, stored: StoredRecord): KeptSession | undefined {
    const opened = this.#seals.open(place, stored.data, this.#now());
    if (typeof opened !== 'string') return { ...opened, stored };
    this.#onReject(opened);
    return undefined;
  }

  /** Returns the session as it is kept now, or `undefined` if `over` is no longer there. */
  async write(
    place: Place,
    contents: Contents,
    expiresAt: number,
    over: StoredRecord | null,
  ): Promise<KeptSession | undefined> {
    const data = this.#seals.seal(place, contents, this.#now());
    const version = createVersion();
    const [subject] = this.#seals.names();
    const options = { version, expiresAt, over, ...(subject !== undefined && { subject }) };
    const isWritten = await ask(() => this.#backend.set(place.id, data, options));
    return isWritten ? { ...contents, isStale: false, stored: { data, version, expiresAt } } : undefined;
  }

  async delete(id: string): Promise<void> {
    await ask(() => this.#backend.delete(id));
  }

  /** Returns the ids of all records. @throws {TypeError} if the backend cannot list. */
  async list(): Promise<Set<string>> {
    const backend = this.#backend;
    if (backend.list === undefined) {
      throw new TypeError('"backend" expected a backend that can list its records, got one without the method list');
    }
    const ids = new Set<string>();
    await ask(async () => {
      for (const name of this.#seals.names()) {
        for await (const { id } of backend.list?.(name) ?? []) ids.add(id);
      }
    });
    return ids;
  }

  /** Returns whose record it is and what it holds, or `undefined` if it is gone or was sealed without the session's id. */
  async readById(id: string): Promise<{ place: Place; kept: KeptSession } | undefined> {
    const stored = await this.find(id);
    const place = stored && this.#seals.openPlace(id, stored.data, this.#now());
    const kept = stored && place && this.open(place, stored);
    return kept && { place, kept };
  }

  async close(): Promise<void> {
    await ask(() => this.#backend.close?.());
  }
}

async function ask<Result>(action: () => MaybePromise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (cause) {
    throw backendFailed(cause);
  }
}
