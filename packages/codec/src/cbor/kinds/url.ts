/** URL <-> its string. FORMAT.md §4, tag 32. */

import { ifReal, isBuiltIn } from '../brand.ts';
import { TEXT } from '../cursor.ts';
import { fault } from '../fault.ts';
import type { Kind } from './kind.ts';

const TAG_URL = 32; // RFC 8949 §3.4.5.3

export const url: Kind = {
  names: ['URL'],
  tags: [TAG_URL],
  write(value, prototype, writer, depth) {
    const href = isBuiltIn(prototype, URL.prototype, 1, 'href') ? hrefOf(value) : undefined;
    return href === undefined ? undefined : writer.tagged(value, TAG_URL, depth, href);
  },
  // In Deno a URL has an own symbol, in React Native it has own fields.
  ownCount: (value) => Reflect.ownKeys(new URL(hrefOf(value) ?? '')).length,
  check(checker, _tag, depth) {
    if (checker.peek() !== TEXT) throw fault('type', checker.offset);
    checker.item(depth);
  },
  // `href` is not compared with the string: the URL Standard changes, and then a session would end when the runtime is updated.
  read(content) {
    try {
      return new URL(String(content));
    } catch {
      throw fault('url');
    }
  },
};

function hrefOf(value: object): string | undefined {
  const get = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;
  return get === undefined ? undefined : ifReal(() => String(Reflect.apply(get, value, [])));
}
