/** Any value that a token can hold -> text that `parse-value.ts` reads back: JSON, with objects such as `{"$date": "…"}` for what JSON has not. */
import { type ClassTypes, readClassTypes } from '../types/class-types.ts';
import { layOut, list, type Shape } from './layout.ts';

const NO_TYPES: ClassTypes = readClassTypes('');
const MOST_TEXT = 60_000; // characters

/** Two spaces a level, short things on one line. */
export function formatValue(value: unknown, types: ClassTypes = NO_TYPES): string {
  return layOut(show(value, types));
}

/** As much of a text as the page takes; what is copied is copied whole. */
export function cut(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  return `${text.slice(0, MOST_TEXT)}\n… and ${(text.length - MOST_TEXT).toLocaleString('en')} characters more`;
}

function show(value: unknown, types: ClassTypes): Shape {
  if (value === undefined) return '{"$undefined": true}';
  if (typeof value === 'bigint') return `{"$bigint": "${value}"}`;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '{"$number": "-0"}';
    return Number.isFinite(value) ? String(value) : `{"$number": "${value}"}`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return list(
      '[',
      value.map((item) => show(item, types)),
      ']',
    );
  if (value instanceof Date) return `{"$date": "${value.toISOString()}"}`;
  if (value instanceof Map)
    return list(
      '{"$map": [',
      [...value].map(([key, held]) => list('[', [show(key, types), show(held, types)], ']')),
      ']}',
    );
  if (value instanceof Set)
    return list(
      '{"$set": [',
      [...value].map((item) => show(item, types)),
      ']}',
    );
  if (value instanceof URL) return `{"$url": ${JSON.stringify(value.href)}}`;
  if (value instanceof RegExp) return `{"$regexp": ${JSON.stringify(String(value))}}`;
  if (value instanceof Uint8Array) return `{"$bytes": "${Array.from(value, hexByte).join('')}"}`;
  return showTypedArray(value, (item) => show(item, types)) ?? showInstance(value, types) ?? showObject(value, types);
}

function showInstance(value: object, types: ClassTypes): Shape | undefined {
  const name = types.nameOf(value);
  if (name === undefined) return undefined;
  const fields = showFields(Object.entries(value), types);
  return list('{"$class": [', [JSON.stringify(name), fields], ']}');
}

function showObject(value: object, types: ClassTypes): Shape {
  const entries = Object.entries(value);
  const shape = showFields(entries, types);
  const [only, ...others] = entries;
  return only?.[0].startsWith('$') && others.length === 0 ? list('{"$object": ', [shape], '}') : shape;
}

const showFields = (entries: readonly [string, unknown][], types: ClassTypes): Shape =>
  list(
    '{',
    entries.map(([name, held]) => ({ before: `${JSON.stringify(name)}: `, shape: show(held, types) })),
    '}',
  );

/** @returns undefined where `value` is not a typed array of numbers or bigints. */
function showTypedArray(value: object, show: (value: unknown) => Shape): Shape | undefined {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  const items: Shape[] = [];
  for (const item of Object.values(value)) items.push(typeof item === 'bigint' ? `"${item}"` : show(item));
  return list(`{"$${Object.prototype.toString.call(value).slice(8, -1)}": [`, items, ']}');
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0');
