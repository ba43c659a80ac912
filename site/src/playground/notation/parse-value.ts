/**
 * Typed text -> any value that a token can hold; `format-value.ts` is the way back, in a file of its own because a page that only
 * shows values does without this one. JSON has no dates, maps or bigints: an object whose only name starts with `$` stands for one,
 * as in `{"$date": "2026-01-01T00:00:00.000Z"}`. Each entry of `FORMS` is one such name.
 */
import { type ClassTypes, readClassTypes } from '../types/class-types.ts';
import { type Node, NotationError, readNotation } from './reader.ts';
import { readTypedArray } from './typed-arrays.ts';

type Read = (node: Node, types: ClassTypes) => unknown;

/** What each name expects, in words for messages, and how it is read. */
const FORMS: Readonly<Record<string, { expects: string; read: Read }>> = {
  $date: { expects: 'a time with its zone such as "2026-01-01T00:00:00.000Z"', read: readDate },
  $map: {
    expects: 'pairs such as [["key", "value"]]',
    read: (node, types) => new Map(items(node, (item) => pair(item, types))),
  },
  $set: { expects: 'an array', read: (node, types) => new Set(items(node, (item) => toValue(item, types))) },
  $bigint: { expects: 'a whole number in quotes', read: readBigint },
  $bytes: { expects: 'hexadecimal digits in quotes, two for a byte', read: readBytes },
  $url: { expects: 'an absolute URL in quotes', read: readUrl },
  $number: { expects: '"NaN", "Infinity", "-Infinity" or "-0"', read: readNumber },
  $undefined: { expects: 'true', read: () => undefined }, // reached only where it is not true
  $regexp: { expects: 'a pattern such as "/ab+c/i"', read: readRegExp },
  $object: {
    expects: 'an object',
    read: (node, types) => (node.kind === 'object' ? plainObject(node, types) : undefined),
  },
  $class: {
    expects: 'a registered class and its fields, such as ["Person", {"firstName": "Ada"}]',
    read: readInstance,
  },
};

const NO_TYPES: ClassTypes = readClassTypes('');

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/**
 * @param types the classes that `{"$class": ["Person", {…}]}` may name.
 * @throws {NotationError} where the text is no value, with the place and what was expected there.
 */
export function parseValue(text: string, types: ClassTypes = NO_TYPES): unknown {
  return toValue(readNotation(text), types);
}

function toValue(node: Node, types: ClassTypes): unknown {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'number':
      return number(node);
    case 'array':
      return node.items.map((item) => toValue(item, types));
    case 'word':
      if (WORDS.has(node.word)) return WORDS.get(node.word);
      throw new NotationError(
        node.at,
        `Expected a value, got the word ${JSON.stringify(node.word)}; a text stands in quotes`,
      );
    case 'object': {
      const [only, ...others] = node.entries;
      return only?.name.startsWith('$') && others.length === 0
        ? special(only.name, only.at, only.value, types)
        : plainObject(node, types);
    }
  }
}

function special(name: string, at: number, node: Node, types: ClassTypes): unknown {
  if (name === '$undefined' && node.kind === 'word' && node.word === 'true') return undefined;
  const typed = readTypedArray(name, node, (item) => toValue(item, types));
  if (typed !== undefined) return typed;
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (form === undefined) {
    const known = Object.keys(FORMS).join(', ');
    throw new NotationError(
      at,
      `${name} is none of ${known}; write {"$object": {"${name}": …}} for an object with this name`,
    );
  }
  const value = form.read(node, types);
  if (value === undefined) throw new NotationError(node.at, `${name} expected ${form.expects}`);
  return value;
}

function plainObject({ entries }: { entries: { name: string; value: Node }[] }, types: ClassTypes): object {
  const object = {};
  // Not by assignment: a name such as __proto__ has to become a property, for the codec to refuse it.
  for (const { name, value } of entries) {
    Object.defineProperty(object, name, {
      value: toValue(value, types),
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

function pair(node: Node, types: ClassTypes): [unknown, unknown] {
  const [key, value, ...more] = node.kind === 'array' ? node.items : [];
  if (key === undefined || value === undefined || more.length > 0) {
    throw new NotationError(node.at, '$map expected a pair here, such as ["key", "value"]');
  }
  return [toValue(key, types), toValue(value, types)];
}

const textOf = (node: Node) => (node.kind === 'text' ? node.text : undefined);

// What every browser reads as the same time: a day, or a day with a time and its zone. ECMA-262 §21.4.1.32.
const TIME = /^((?:\d{4}|[+-]\d{6})-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

function readDate(node: Node): Date | undefined {
  const text = textOf(node) ?? '';
  const day = TIME.exec(text)?.[1] ?? '';
  const [midnight, date] = [new Date(day), new Date(text)];
  if (Number.isNaN(midnight.getTime()) || Number.isNaN(date.getTime())) return undefined;
  return midnight.toISOString().startsWith(day) ? date : undefined; // some read February 30 as a day in March
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

function readInstance(node: Node, types: ClassTypes): object | undefined {
  const [name, fields, ...more] = node.kind === 'array' ? node.items : [];
  if (name?.kind !== 'text' || fields?.kind !== 'object' || more.length > 0) return undefined;
  const known = types.fields.get(name.text);
  if (known === undefined) throw new NotationError(name.at, `No class is registered as ${JSON.stringify(name.text)}`);
  const foreign = fields.entries.find((entry) => !known.includes(entry.name));
  if (foreign) {
    throw new NotationError(foreign.at, `${name.text} has no field ${JSON.stringify(foreign.name)}`);
  }
  return types.create(name.text, new Map(fields.entries.map((entry) => [entry.name, toValue(entry.value, types)])));
}
