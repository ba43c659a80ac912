/** Sealring itself, watched: `serverStore` on `memory()`, as a server runs them, with someone who sees what is done to the backend. */
import { type Backend, commit, generateKey, memory, type Store, serverStore } from 'sealring';
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
  /** Whether the request whose turn it is ends the session. */
  #isLogout = false;
  /** Whether another request wrote before the one whose turn it is. */
  #hasLost = false;
  #cookie = '';

  constructor(scenario: Scenario, witness: Witness) {
    this.#scenario = scenario;
    this.#witness = witness;
    const keys = [generateKey()];
    const backend = memory();
    this.#store = serverStore({ keys, backend: this.#watch(backend) });
    this.#quiet = serverStore({ keys, backend });
  }

  async login(): Promise<void> {
    const request = { headers: {} };
    const session = await this.#quiet.get(request, NAME);
    session.set('user', 'ada');
    const { cookies } = await commit(request);
    this.#cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  async serve(index: number, pause: Pause): Promise<void> {
    await pause();
    const request = { headers: { cookie: this.#cookie } };
    const session = await this.#store.get(request, NAME);
    await pause();
    if (session.isNew) return; // logged out before this request came
    this.#witness('change');
    const isLogout = this.#scenario.changeSession(session, index);
    await pause();
    this.#isLogout = isLogout;
    const { sessions } = await commit(request);
    this.#hasLost = false;
    if (sessions.some(({ outcome }) => outcome === 'gone')) this.#witness('give-up');
  }

  async look(): Promise<SessionRecord | undefined> {
    const session = await this.#quiet.peek({ headers: { cookie: this.#cookie } }, NAME);
    if (session.isNew) return undefined;
    const messages = session.peekFlashes();
    return { ...Object.fromEntries(session), ...(messages.length > 0 && { messages }) };
  }

  /** The same backend; tells of every call that reads or writes contents. */
  #watch(backend: Backend): Backend {
    return {
      cas: backend.cas,
      inProcess: true, // as memory()
      get: async (id) => {
        if (!this.#hasLost) this.#witness('read');
        return await backend.get(id);
      },
      set: async (id, data, options) => {
        if (this.#hasLost) this.#witness('read-newest');
        const isWritten = await backend.set(id, data, options);
        if (!isWritten) this.#witness('conflict');
        else if (this.#isLogout) this.#witness('end');
        else this.#witness(this.#hasLost ? 'write-again' : 'write');
        this.#hasLost = !isWritten;
        return isWritten;
      },
      delete: (id) => backend.delete(id),
    };
  }
}
