/** The rows of the keys panel: texts as typed go in; secrets and key ids, or what is wrong, come out. In memory only. */
import type { Secret } from '@sealring/codec';
import { readSecret, type SecretEncoding } from '@sealring/inspect';
import { demoKeyId } from './demo-keys.ts';

export interface Key {
  /** Stays the same while the row exists, wherever it moves. */
  readonly row: number;
  /** What somebody calls it, such as `production`; may be empty. */
  readonly label: string;
  readonly text: string;
  readonly encoding: SecretEncoding;
  /** Undefined where the text is empty, no key, or the same key as that of an earlier row. */
  readonly secret: Secret | undefined;
  /** 6 hexadecimal digits; undefined where the text is no key. */
  readonly keyId: string | undefined;
  /** Why `secret` is undefined; empty where it is not, and where nothing is typed. */
  readonly problem: string;
  /** `demo-1` or `demo-2` where it is one of the keys that everybody knows. */
  readonly demo: string | undefined;
}

type Typed = Pick<Key, 'label' | 'text' | 'encoding'>;

export class Keyring {
  readonly #onChange: () => void;
  #keys: readonly Key[] = [];
  #rows = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#keys = [this.#read({})];
  }

  get keys(): readonly Key[] {
    return this.#keys;
  }

  /** Takes the place of an empty last row, or goes below the last. @returns its row. */
  add(typed: Partial<Typed> = {}): number {
    const key = this.#read(typed);
    const last = this.#keys.at(-1);
    const kept = last?.text === '' && typed.text ? this.#keys.slice(0, -1) : this.#keys;
    this.#change([...kept, key]);
    return key.row;
  }

  set(row: number, typed: Partial<Typed>): void {
    this.#change(this.#keys.map((key) => (key.row === row ? this.#read({ ...key, ...typed }, row) : key)));
  }

  /** The last row is emptied, not removed. */
  remove(row: number): void {
    const left = this.#keys.filter((key) => key.row !== row);
    this.#change(left.length > 0 ? left : [this.#read({})]);
  }

  /** @param to its new index; 0 makes it the one that seals. */
  move(row: number, to: number): void {
    const key = this.#keys.find((each) => each.row === row);
    const others = this.#keys.filter((each) => each.row !== row);
    if (key) this.#change([...others.slice(0, to), key, ...others.slice(to)]);
  }

  clear(): void {
    this.#change([this.#read({})]);
  }

  #read({ label = '', text = '', encoding = 'sealring' }: Partial<Typed>, row: number = ++this.#rows): Key {
    const typed = { row, label, text, encoding, demo: demoKeyId(text.trim()) };
    if (text.trim() === '') return { ...typed, secret: undefined, keyId: undefined, problem: '' };
    const read = readSecret(text, encoding);
    return read.ok
      ? { ...typed, secret: read.secret, keyId: read.keyId, problem: '' }
      : { ...typed, secret: undefined, keyId: undefined, problem: read.message };
  }

  #change(keys: readonly Key[]): void {
    const seen: (string | undefined)[] = [];
    this.#keys = keys.map((key) => {
      const read = key.keyId !== undefined && key.secret === undefined ? this.#read(key, key.row) : key; // a twin before
      const bytes = read.secret && bytesOf(read.secret);
      const twin = bytes === undefined ? -1 : seen.indexOf(bytes);
      seen.push(bytes);
      return twin < 0 ? read : { ...read, secret: undefined, problem: `The same key as key ${twin + 1}.` };
    });
    this.#onChange();
  }
}

/** A character for each byte, however the key was written. Ids do not tell: two different keys may share one. */
function bytesOf(secret: Secret): string {
  if (typeof secret !== 'string') return String.fromCharCode(...secret);
  const digits = secret.slice(9, 52); // between `sealring_` and the checksum
  return atob(digits.replaceAll('-', '+').replaceAll('_', '/'));
}
