/** Spans of a payload -> whether each is new: the keys of one map, the members of one set. */

const FEW = 16;

/** Compares few spans bytewise with one another, without copying; keeps an index of many, so that time stays linear. */
export class Distinct {
  readonly #bytes: Uint8Array;
  readonly #spans: number[]; // start, end, start, end …
  readonly #index: Set<string> | undefined;
  #length = 0;

  constructor(bytes: Uint8Array, count: number) {
    this.#bytes = bytes;
    this.#index = count > FEW ? new Set() : undefined;
    this.#spans = new Array(count > FEW ? 0 : 2 * count);
  }

  /** @returns false when an equal span was added before. */
  add(start: number, end: number): boolean {
    if (this.#index !== undefined) {
      const { size } = this.#index;
      return this.#index.add(latin1(this.#bytes, start, end)).size > size;
    }
    const spans = this.#spans;
    for (let at = 0; at < this.#length; at += 2) {
      if (this.#isEqual(spans[at] ?? 0, spans[at + 1] ?? 0, start, end)) return false;
    }
    spans[this.#length++] = start;
    spans[this.#length++] = end;
    return true;
  }

  #isEqual(start: number, end: number, otherStart: number, otherEnd: number): boolean {
    const length = end - start;
    if (length !== otherEnd - otherStart) return false;
    for (let at = 0; at < length; at++) if (this.#bytes[start + at] !== this.#bytes[otherStart + at]) return false;
    return true;
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
