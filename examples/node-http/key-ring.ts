/** The keys of the shop, and its stores under them. */
import { generateKey } from '@sealring/codec';
import { openStores, type Stores } from './stores.ts';

/**
 * New keys at every start, so that there is nothing to set up: a restart ends all sessions. A real program reads its keys from where its
 * other secrets are; what the methods below do, it does by a new list there and a deployment.
 */
export class KeyRing {
  #keys: readonly string[] = [generateKey()];
  #stores: Stores = openStores(this.#keys);

  get keys(): readonly string[] {
    return this.#keys;
  }

  get stores(): Stores {
    return this.#stores;
  }

  /** The new key seals from now on, the old ones still open: nobody is signed out, and each visitor's next page is sealed anew. */
  rotate(): void {
    this.#use([generateKey(), ...this.#keys]);
  }

  /** Refuses whoever has not been here since the rotation: in earnest, wait until the last cookie of the old key has expired. */
  retireOld(): void {
    this.#use(this.#keys.slice(0, 1));
  }

  /** What a leaked key calls for: nothing that was sealed with it opens any more, and everyone is signed out. */
  replace(): void {
    this.#use([generateKey()]);
  }

  #use(keys: readonly string[]): void {
    this.#keys = keys;
    this.#stores = openStores(keys);
  }
}
