/**
 * Typed text <-> any value that a token can hold. JSON has no dates, maps or bigints: an object whose only name starts with `$`
 * stands for one, as in `{"$date": "2026-01-01T00:00:00.000Z"}`. Each entry of `FORMS` is one such name, both ways.
 */
import { layOut, list, type Shape } from './layout.ts';
import { type Node, NotationError, readNotation } from './reader.ts';
import { readTypedArray, showTypedArray } from './typed-arrays.ts';

type Read = (node: Node) => unknown;

/** What each name expects, in words for messages, and how it is read. */
const FORMS: Readonly<Record<string, { expects: string; read: Read }>> = {
  $date: { expects: 'a time such as "2026-01-01T00:00:00.000Z"', read: readDate },
  $map: { expects: 'pairs such as [["key", "value"]]', read: (node) => new Map(items(node, pair)) },
  $set: { expects: 'an array', read: (node) => new Set(items(node, toValue)) },
  $bigint: { expects: 'a whole number in quotes', read: readBigint },
  $bytes: { expects: 'hexadecimal digits in quotes, two for a byte', read: readBytes },
  $url: { expects: 'an absolute URL in quotes', read: readUrl },
  $number: { expects: '"NaN", "Infinity", "-Infinity" or "-0"', read: readNumber },
  $undefined: { expects: 'true', read: () => undefined }, // reached only where it is not true
  $regexp: { expects: 'a pattern such as "/ab+c/i"', read: readRegExp },
  $object: { expects: 'an object', read: (node) => (node.kind === 'object' ? plainObject(node) : undefined) },
};

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** @throws {NotationError} where the text is no value, with the place and what was expected there. */
export function parseValue(text: string): unknown {
  return toValue(readNotation(text));
}

/** The inverse: text that `parseValue` reads back, two spaces a level, short things on one line. */
export function formatValue(value: unknown): string {
  return layOut(show(value));
}

function toValue(node: Node): unknown {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'number':
      return number(node);
    case 'array':
      return node.items.map(toValue);
    case 'word':
      if (WORDS.has(node.word)) return WORDS.get(node.word);
      throw new NotationError(
        node.at,
        `Expected a value, got the word ${JSON.stringify(node.word)}; a text stands in quotes`,
      );
    case 'object': {
      const [only, ...others] = node.entries;
      return only?.name.startsWith('$') && others.length === 0
        ? special(only.name, only.at, only.value)
        : plainObject(node);
    }
  }
}

function special(name: string, at: number, node: Node): unknown {
  if (name === '$undefined' && node.kind === 'word' && node.word === 'true') return undefined;
  const typed = readTypedArray(name, node, toValue);
  if (typed !== undefined) return typed;
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (form === undefined) {
    const known = Object.keys(FORMS).join(', ');
    throw new NotationError(
      at,
      `${name} is none of ${known}; write {"$object": {"${name}": …}} for an object with this name`,
    );
  }
  const value = form.read(node);
  if (value === undefined) throw new NotationError(node.at, `${name} expected ${form.expects}`);
  return value;
}

function plainObject({ entries }: { entries: { name: string; value: Node }[] }): object {
  const object = {};
  // Not by assignment: a name such as __proto__ has to become a property, for the codec to refuse it.
  for (const { name, value } of entries) {
    Object.defineProperty(object, name, {
      value: toValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function number({ raw, at }: { raw: string; at: number }): number {
  const value = Number(raw);
  if (/^-?\d+$/.test(raw) && !Number.isSafeInteger(value)) {
    throw new NotationError(at, `${raw} is more than a number holds exactly; write {"$bigint": "${raw}"}`);
  }
  if (!Number.isFinite(value)) throw new NotationError(at, `${raw} is more than a number holds`);
  return value;
}

function items<T>(node: Node, read: (node: Node) => T): T[] {
  if (node.kind !== 'array') throw new NotationError(node.at, 'Expected an array here, such as []');
  return node.items.map(read);
}

function pair(node: Node): [unknown, unknown] {
  const [key, value, ...more] = node.kind === 'array' ? node.items : [];
  if (key === undefined || value === undefined || more.length > 0) {
    throw new NotationError(node.at, '$map expected a pair here, such as ["key", "value"]');
  }
  return [toValue(key), toValue(value)];
}

const textOf = (node: Node) => (node.kind === 'text' ? node.text : undefined);

function readDate(node: Node): Date | undefined {
  const date = new Date(textOf(node) ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function readBigint(node: Node): bigint | undefined {
  const digits = node.kind === 'number' ? node.raw : textOf(node);
  return digits !== undefined && /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
}

function readBytes(node: Node): Uint8Array | undefined {
  const hex = textOf(node)?.replace(/\s/g, '');
  if (hex === undefined || !/^(?:[0-9a-f]{2})*$/i.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

function readUrl(node: Node): URL | undefined {
  const text = textOf(node);
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

function readNumber(node: Node): number | undefined {
  const text = textOf(node) ?? '';
  return ['NaN', 'Infinity', '-Infinity', '-0'].includes(text) ? Number(text) : undefined;
}

function readRegExp(node: Node): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(textOf(node) ?? '') ?? [];
  try {
    return source === undefined ? undefined : new RegExp(source, flags);
  } catch {
    return undefined; // the engine's own words differ from browser to browser
  }
}

function show(value: unknown): Shape {
  if (value === undefined) return '{"$undefined": true}';
  if (typeof value === 'bigint') return `{"$bigint": "${value}"}`;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '{"$number": "-0"}';
    return Number.isFinite(value) ? String(value) : `{"$number": "${value}"}`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return list('[', value.map(show), ']');
  if (value instanceof Date) return `{"$date": "${value.toISOString()}"}`;
  if (value instanceof Map)
    return list(
      '{"$map": [',
      [...value].map(([key, held]) => list('[', [show(key), show(held)], ']')),
      ']}',
    );
  if (value instanceof Set) return list('{"$set": [', [...value].map(show), ']}');
  if (value instanceof URL) return `{"$url": ${JSON.stringify(value.href)}}`;
  if (value instanceof RegExp) return `{"$regexp": ${JSON.stringify(String(value))}}`;
  if (value instanceof Uint8Array) return `{"$bytes": "${Array.from(value, hexByte).join('')}"}`;
  return showTypedArray(value, show) ?? showObject(value);
}

function showObject(value: object): Shape {
  const entries = Object.entries(value);
  const shape = list(
    '{',
    entries.map(([name, held]) => ({ before: `${JSON.stringify(name)}: `, shape: show(held) })),
    '}',
  );
  const [only, ...others] = entries;
  return only?.[0].startsWith('$') && others.length === 0 ? list('{"$object": ', [shape], '}') : shape;
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0');
