/** Set <-> members. FORMAT.md §4, tag 258. */

import { ifReal, isBuiltIn } from '../brand.ts';
import { ARRAY } from '../cursor.ts';
import { fault } from '../fault.ts';
import type { Kind } from './kind.ts';

const TAG_SET = 258; // IANA CBOR tags: mathematical finite set

export const set: Kind = {
  names: ['Set'],
  tags: [TAG_SET],
  write(value, prototype, writer, depth) {
    if (!isBuiltIn(prototype, Set.prototype, 1, 'has')) return undefined;
    const members = ifReal(() => [...Set.prototype.values.call(value)]);
    if (members === undefined) return undefined;
    writer.enter(value, depth, members.length);
    const written = members.map((member, at) => {
      writer.step(depth + 1, { part: 'member', at });
      return writer.item(member, depth + 2);
    });
    return writer.close(TAG_SET, written);
  },
  check(checker, _tag, depth) {
    if (checker.peek() !== ARRAY) throw fault('type', checker.offset);
    const length = checker.open(depth, 1);
    checker.members += length;
    for (let at = 0; at < length; at++) checker.item(depth + 1);
  },
  read(content, reader) {
    if (!Array.isArray(content)) throw fault('type');
    const read = new Set(content.map((member) => reader.item(member)));
    reader.members += read.size;
    return read;
  },
};
