/** The keys of the shop, and its stores under them. */
import { generateKey } from '@sealring/codec';
import { openStores, type Stores } from './stores.ts';

/**
 * The key in SESSION_KEY. A program that makes one for itself where it is missing ends every session with each restart, and with several processes it
 * logs visitors out at random: so this one does not start.
 */
export function readKey(): string {
  const key = process.env['SESSION_KEY'];
  if (key) return key;
  console.error('SESSION_KEY is not set. Make a key with: npx @sealring/cli keygen');
  process.exit(1);
}

/**
 * The keys of this process. What the methods below do lasts until it stops; a real program does the same with a new list where its secrets are, and a
 * deployment.
 */
export class KeyRing {
  #keys: readonly string[];
  #stores: Stores;

  /** @param keys the first seals, all of them open. */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#stores = openStores(keys);
  }

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
