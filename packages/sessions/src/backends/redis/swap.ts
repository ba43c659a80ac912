/** A record that must be there -> whether it was, and another one is there now. In one step of the server. */

import type { StoredRecord } from '../backend.ts';
import { isReply, run, type Send } from './client.ts';
import { RedisRecord } from './format.ts';
import { REPLACE } from './scripts.ts';

/** What is to be there. */
export interface Replacement {
  readonly value: Uint8Array;
  /** When the server may remove it: words of SET, or none for never. */
  readonly expiry: readonly string[];
}

/** Bytes. `SET … IFEQ` sends the old record along with the new one, and for a longer one that costs more than running a script. */
const MAX_COMPARED = 8_192;

/**
 * Replaces records, by `SET … IFEQ` where the server has it (Redis 8.4, Valkey 8.1), else by a script. Whether it has it is asked once, beside
 * the first write and about a key of its own: a server that does not know the word might ignore it.
 */
export class Swapper {
  readonly #send: Send;
  /** A key that never is there. */
  readonly #probe: string;
  #hasIfeq: boolean | undefined;
  #isAsking = false;

  constructor(send: Send, probe: string) {
    this.#send = send;
    this.#probe = probe;
  }

  /** Returns whether `over` was there. Then the new record is there now. */
  replace(key: string, over: StoredRecord, record: Replacement): Promise<boolean> {
    const stored = RedisRecord.storedOf(over);
    if (stored !== undefined && stored.length <= MAX_COMPARED) {
      if (this.#hasIfeq) return this.#setIfEqual(key, over, record, stored);
      if (this.#hasIfeq === undefined) this.#ask();
    }
    return this.#runScript(key, over, record);
  }

  #runScript(key: string, over: StoredRecord, { value, expiry }: Replacement): Promise<boolean> {
    return run(this.#send, REPLACE, key, `${over.version} `, value, ...expiry).then((answer) => answer === 1);
  }

  async #setIfEqual(key: string, over: StoredRecord, record: Replacement, stored: Uint8Array): Promise<boolean> {
    try {
      return (await this.#send(key, ['set', key, record.value, 'ifeq', stored, ...record.expiry])) !== null;
    } catch (error) {
      if (!isReply(error, 'ERR syntax')) throw error;
      this.#hasIfeq = false; // an older server has taken over
    }
    return await this.#runScript(key, over, record);
  }

  /** Nobody waits for the answer: until it comes, the script does it. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#send(this.#probe, ['set', this.#probe, '', 'ifeq', '-', 'px', '1'])
      .then(
        (answer) => (this.#hasIfeq = answer === null),
        (error) => (this.#hasIfeq = isReply(error, 'ERR') ? false : undefined), // or it was not reached
      )
      .finally(() => (this.#isAsking = false));
  }
}
