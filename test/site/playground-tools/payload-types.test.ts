/** The types that a payload has, as the Types tab counts them. */
import { createSealer, generateKey, typeRegistry } from '@sealring/codec';
import { annotate } from '@sealring/inspect';
import { expect, it } from 'vitest';
import { classesIn } from '../../../site/src/playground/open/payload/types-pane.ts';

class Person {
  first = 'Ada';
  last: string | undefined;
}

it('classesIn() names each class once, with the most fields that an instance has', () => {
  const types = (fields: ('first' | 'last')[]) => typeRegistry().register('shop:Person', Person, { fields });
  const payload = (fields: ('first' | 'last')[]) =>
    createSealer({ keys: [generateKey()], purpose: 'test', types: types(fields) }).encode(new Person());
  const both = Uint8Array.of(0x83, ...payload(['first', 'last']), ...payload(['first']), 0xf6);
  expect(classesIn(annotate(both).root)).toEqual([{ name: 'shop:Person', fields: 2 }]);
  expect(classesIn(undefined)).toEqual([]);
});

it('classesIn() takes an array of 150,000 items, more than any engine takes as arguments', () => {
  const bytes = new Uint8Array(150_005);
  bytes.set([0x9a, 0x00, 0x02, 0x49, 0xf0]);
  const { root } = annotate(bytes, { items: 200_000 });
  expect(root?.children).toHaveLength(150_000);
  expect(classesIn(root)).toEqual([]);
});
