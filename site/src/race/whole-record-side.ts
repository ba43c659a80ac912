/** The usual way, watched: the store of `whole-record.ts` with someone who sees what is done to it. */
import type { Pause } from './paused-request.ts';
import type { Scenario } from './scenarios.ts';
import type { Side, Witness } from './side.ts';
import { type SessionRecord, serveWholeRecord, WholeRecordStore } from './whole-record.ts';

const ID = 'ada';

export class WholeRecordSide implements Side {
  readonly #store = new WholeRecordStore();
  readonly #watched: WholeRecordStore;
  readonly #scenario: Scenario;
  readonly #witness: Witness;

  constructor(scenario: Scenario, witness: Witness) {
    this.#scenario = scenario;
    this.#witness = witness;
    this.#watched = watch(this.#store, witness);
  }

  login(): Promise<void> {
    this.#store.set(ID, { user: 'ada' });
    return Promise.resolve();
  }

  serve(index: number, pause: Pause): Promise<void> {
    const change = (record: SessionRecord) => {
      this.#witness('change');
      return this.#scenario.changeRecord(record, index);
    };
    return serveWholeRecord(this.#watched, ID, change, pause);
  }

  look(): Promise<SessionRecord | undefined> {
    return Promise.resolve(this.#store.get(ID));
  }
}

/** The same store; tells of every call. */
function watch(store: WholeRecordStore, witness: Witness): WholeRecordStore {
  const watched = new WholeRecordStore();
  watched.get = (id) => {
    witness('read');
    return store.get(id);
  };
  watched.set = (id, record) => {
    store.set(id, record);
    witness('write');
  };
  watched.destroy = (id) => {
    store.destroy(id);
    witness('end');
  };
  return watched;
}
