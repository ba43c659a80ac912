/** Instance of a registered class <-> its name and items. FORMAT.md §5, tag 27. */

import { ARRAY, TEXT } from '../cursor.ts';
import { fault, unknownClass } from '../fault.ts';
import type { Kind, ValueWriter } from './kind.ts';
import type { RegisteredType } from './types.ts';

const TAG_CLASS = 27; // IANA CBOR tags: generic object

export const instance: Kind = {
  names: [], // recognised by its prototype: see writeInstance
  tags: [TAG_CLASS],
  write: () => undefined,
  check(checker, _tag, depth) {
    const start = checker.offset;
    if (checker.peek() !== ARRAY) throw fault('type', start);
    const length = checker.open(depth, 1);
    const nameAt = checker.offset;
    if (length === 0 || checker.peek() !== TEXT) throw fault('type', start);
    checker.item(depth + 1);
    const name = checker.stringAt(nameAt);
    const type = checker.types.byName.get(name);
    if (type === undefined) throw unknownClass(nameAt, `class ${JSON.stringify(name.slice(0, 64))} is not registered`);
    if (length - 1 < type.min || length - 1 > type.max) {
      throw unknownClass(
        nameAt,
        `class ${type.name} is registered with ${type.max} fields, but the token has ${length - 1}`,
      );
    }
    for (let at = 1; at < length; at++) checker.item(depth + 1);
  },
  read(content, reader) {
    if (!Array.isArray(content)) throw fault('type');
    const [name, ...items]: unknown[] = content;
    const type = reader.types.byName.get(String(name));
    if (type === undefined) throw fault('class');
    return type.decode(items.map((item) => reader.item(item)));
  },
};

export function writeInstance(value: object, type: RegisteredType, writer: ValueWriter, depth: number): object {
  const items = type.encode(value);
  writer.enter(value, depth, items.length + 1);
  const written: unknown[] = [writer.item(type.name, depth + 2)];
  items.forEach((item, at) => {
    writer.step(depth + 1, type.itemNames[at]);
    written.push(writer.item(item, depth + 2));
  });
  return writer.close(TAG_CLASS, written);
}
