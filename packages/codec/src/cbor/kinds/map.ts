/** Map with keys of any kind <-> entries. FORMAT.md §4, tag 259. */

import { ifReal, isBuiltIn } from '../brand.ts';
import { MAP } from '../cursor.ts';
import { fault } from '../fault.ts';
import type { Kind } from './kind.ts';

const TAG_MAP = 259; // IANA CBOR tags: map with keys of any kind

export const map: Kind = {
  names: ['Map'],
  tags: [TAG_MAP],
  write(value, prototype, writer, depth) {
    if (!isBuiltIn(prototype, Map.prototype, 1, 'get')) return undefined;
    const entries = ifReal(() => [...Map.prototype.entries.call(value)]);
    if (entries === undefined) return undefined;
    writer.enter(value, depth, entries.length);
    const written = new Map<unknown, unknown>();
    entries.forEach(([key, item], at) => {
      writer.step(depth + 1, { part: 'key', at });
      const writtenKey = writer.item(key, depth + 2);
      writer.step(depth + 1, { part: 'value', at });
      written.set(writtenKey, writer.item(item, depth + 2));
    });
    return writer.close(TAG_MAP, written);
  },
  check(checker, _tag, depth) {
    if (checker.peek() !== MAP) throw fault('type', checker.offset);
    const length = checker.open(depth, 2);
    checker.members += length;
    for (let at = 0; at < 2 * length; at++) checker.item(depth + 1);
  },
  read(content, reader) {
    if (!(content instanceof Map)) throw fault('type');
    const read = new Map<unknown, unknown>();
    for (const [key, item] of content) read.set(reader.item(key), reader.item(item));
    reader.members += read.size;
    return read;
  },
};
