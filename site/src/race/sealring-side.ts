/** Sealring itself, watched: `serverStore` on `memory()`, as a server runs them, with someone who sees what is done to the backend. */
import { generateKey } from '@sealring/codec';
import { type Backend, memory, type Store, save, serverStore } from 'sealring';
import { HeadersOnly } from './headers-only.ts';
import type { Pause } from './paused-request.ts';
import type { Scenario } from './scenarios.ts';
import type { Side, Witness } from './side.ts';
import type { SessionRecord } from './whole-record.ts';

const NAME = 'login';

export class SealringSide implements Side {
  readonly #store: Store;
  /** The same records, unwatched: for the login before the race and for looks at it. */
  readonly #quiet: Store;
  readonly #scenario: Scenario;
  readonly #witness: Witness;
  #cookie = '';

  constructor(scenario: Scenario, witness: Witness) {
    this.#scenario = scenario;
    this.#witness = witness;
    const keys = [generateKey()];
    const backend = memory();
    this.#store = serverStore({ keys, backend: watch(backend, witness) });
    this.#quiet = serverStore({ keys, backend });
  }

  async login(): Promise<void> {
    const request = { headers: {} };
    const session = await this.#quiet.get(request, NAME);
    session.set('user', 'ada');
    const response = new HeadersOnly();
    await save(request, response);
    this.#cookie = response.cookie;
  }

  async serve(index: number, pause: Pause): Promise<void> {
    await pause();
    const [request, response] = [{ headers: { cookie: this.#cookie } }, new HeadersOnly()];
    const session = await this.#store.get(request, NAME);
    await pause();
    if (session.isNew) return; // logged out before this request came
    this.#witness('change');
    this.#scenario.changeSession(session, index);
    await pause();
    await save(request, response);
  }

  async look(): Promise<SessionRecord | undefined> {
    const session = await this.#quiet.get({ headers: { cookie: this.#cookie } }, NAME);
    if (session.isNew) return undefined;
    const messages = session.peekFlashes();
    return { ...Object.fromEntries(session.entries()), ...(messages.length > 0 && { messages }) };
  }
}

/** The same backend; tells of every call that reads or writes contents. */
function watch(backend: Backend, witness: Witness): Backend {
  let isLate = false; // whether the write under way has met a conflict
  return {
    cas: backend.cas,
    async get(id) {
      const found = await backend.get(id);
      if (!isLate) witness('read');
      else witness(found === undefined ? 'give-up' : 'read-newest');
      if (found === undefined) isLate = false;
      return found;
    },
    async set(id, data, options) {
      const version = await backend.set(id, data, options);
      if (version === false) witness('conflict');
      else witness(isLate ? 'write-again' : 'write');
      isLate = version === false;
      return version;
    },
    async delete(id) {
      const wasThere = await backend.delete(id);
      witness('delete');
      return wasThere;
    },
    touch: (id, expiresAt) => backend.touch(id, expiresAt),
  };
}
