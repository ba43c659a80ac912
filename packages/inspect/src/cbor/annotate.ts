/** Payload bytes -> a tree of data items, each with its bytes, its CBOR name and its meaning in a token. RFC 8949; FORMAT.md §4. */

import type { AnnotatedItem, Annotation, Range } from '../explanation.ts';
import { count } from '../text.ts';
import { bytesLeft, type Fault, type Head, isFault, readHead } from './heads.ts';
import { labelOf, meaningOf } from './meaning.ts';
import { brokenPlace, brokenRule, mayHold, type Place, TAG_MAP, TAGS } from './rules.ts';
import { TEMPORAL_TAGS } from './temporal.ts';

/** Options of `annotate`. */
export interface AnnotateOptions {
  /** The dictionary that the value was sealed with: names for the numbers among object keys. Without it, every number is accepted. */
  readonly dictionary?: readonly string[];
  /** The maximum number of data items to read. Default 100,000. */
  readonly items?: number;
}

/** An item while it is read: its end and its children are not yet known. */
interface OpenItem extends AnnotatedItem {
  bytes: Range;
  meaning: string;
  readonly children: OpenItem[];
}

const MAX_ITEMS = 100_000;
const MAX_DEPTH = 512; // the codec's highest limit

/**
 * Reads a payload as a tree of CBOR items. It never throws: for invalid bytes it returns the part that can be read, and the place where reading
 * stopped. Time and memory are linear in the length.
 *
 * @example
 * import { annotate } from '@sealring/inspect';
 * const { root, fault } = annotate(Uint8Array.of(0x81, 0xc1, 0x00));
 * console.log(root?.label, root?.children[0]?.meaning, fault); // array(1) Date 1970-01-01T00:00:00.000Z undefined
 */
export function annotate(bytes: Uint8Array, options: AnnotateOptions = {}): Annotation {
  const { dictionary, items = MAX_ITEMS } = options;
  const walk = new Walk(bytes, dictionary, items);
  const root = walk.item('root', 0, undefined);
  const end = root?.bytes.to ?? 0;
  const rest = bytes.length - end;
  const trailing = rest > 0 ? { at: end, message: `${count(rest, 'byte')} after the value` } : undefined;
  return { root, fault: walk.fault ?? trailing };
}

/** One pass, which ends at the first fault. */
class Walk {
  fault: Fault | undefined;
  readonly #bytes: Uint8Array;
  readonly #dictionary: readonly string[] | undefined;
  #left: number;
  #at = 0;

  constructor(bytes: Uint8Array, dictionary: readonly string[] | undefined, items: number) {
    this.#bytes = bytes;
    this.#dictionary = dictionary;
    this.#left = items;
  }

  /** @returns the item, or `undefined` if its head is invalid. Then `fault` says why. */
  item(role: AnnotatedItem['role'], depth: number, place: Place | undefined): OpenItem | undefined {
    const from = this.#at;
    const head = this.#head(from, depth);
    if (head === undefined) return undefined;
    this.#at = from + head.length;
    const range = { from, to: this.#at };
    const item: OpenItem = {
      bytes: range,
      head: range,
      major: head.major,
      label: labelOf(head),
      meaning: '',
      role,
      children: [],
    };
    if (role === 'content' && place?.tag !== undefined && !mayHold(place.tag, head.major))
      this.#stop(from, `tag ${place.tag} over ${item.label}`);
    else this.#content(item, head, depth, place);
    item.bytes = { from, to: this.#at };
    if (this.fault !== undefined) return item;
    this.fault = brokenRule(item, head, this.#bytes) ?? brokenPlace(item, this.#bytes, this.#dictionary, place);
    if (this.fault === undefined) item.meaning = meaningOf(item, this.#bytes, this.#dictionary, place);
    return item;
  }

  #head(from: number, depth: number): Head | undefined {
    if (--this.#left < 0) return this.#stop(from, 'more data items than are shown');
    if (depth > MAX_DEPTH) return this.#stop(from, `nested deeper than ${MAX_DEPTH} levels`);
    const head = readHead(this.#bytes, from);
    if (!isFault(head)) return head;
    this.fault = head;
    return undefined;
  }

  #content(item: OpenItem, { major, argument }: Head, depth: number, place: Place | undefined): void {
    if (major < 2 || major === 7) return;
    const { from } = item.head;
    if (major === 6) {
      const tag = Number(argument);
      if (!TAGS.has(tag)) this.#stop(from, `tag ${argument}, which no token has`);
      else this.#add(item, 'content', depth, { tag, isObject: false, members: new Set() });
      return;
    }
    const left = this.#bytes.length - this.#at;
    const needed = major === 5 ? 2 : 1; // every element has at least one byte
    const length = Number(argument) * needed;
    if (length > left) {
      this.#stop(from, `${item.label}, but only ${bytesLeft(left)}`);
    } else if (major < 4) {
      this.#at += length;
    } else {
      const tag = item.role === 'content' ? place?.tag : undefined;
      const isObject = major === 5 && tag !== TAG_MAP && !(tag !== undefined && TEMPORAL_TAGS.has(tag));
      const inside: Place = { tag, isObject, members: new Set() };
      for (let number = 0; number < length && this.fault === undefined; number++) {
        this.#add(item, major === 4 ? 'element' : number % 2 === 0 ? 'key' : 'value', depth, inside);
      }
    }
  }

  #add(parent: OpenItem, role: AnnotatedItem['role'], depth: number, place: Place): void {
    const child = this.item(role, depth + 1, place);
    if (child !== undefined) parent.children.push(child);
  }

  #stop(at: number, message: string): undefined {
    this.fault = { at, message };
    return undefined;
  }
}
