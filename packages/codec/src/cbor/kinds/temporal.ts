/** Temporal.Instant, PlainDate and Duration <-> the tags of RFC 9581 and RFC 8943, if they are registered. FORMAT.md §4, tags 100, 1001, 1002. */

import { INTEGER, MAP, NEGATIVE } from '../cursor.ts';
import { fault, missingType } from '../fault.ts';
import type { ItemChecker, ItemReader, Kind, ValueWriter } from './kind.ts';
import type { OptInTypes } from './types.ts';

const SECONDS = 1; // RFC 9581 §3.1: keys of the map
const NANOSECONDS = -9;
const BILLION = 1_000_000_000n;
const EPOCH = '1970-01-01';

const instant: Kind = {
  names: ['Temporal.Instant'],
  tags: [1001], // RFC 9581 §3
  write(value, prototype, writer, depth) {
    if (prototype !== temporal()?.Instant.prototype) return undefined;
    const total = BigInt(Reflect.get(value, 'epochNanoseconds'));
    const rest = ((total % BILLION) + BILLION) % BILLION;
    return writeTime(value, 1001, (total - rest) / BILLION, rest, writer, depth);
  },
  check: checkTime,
  read(content, reader) {
    const { seconds, rest } = readTime(content, reader);
    if (rest < 0n) throw fault('date');
    return made(({ Instant }) => Instant.fromEpochNanoseconds(seconds * BILLION + rest));
  },
};

const plainDate: Kind = {
  names: ['Temporal.PlainDate'],
  tags: [100], // RFC 8943 §2: days since the epoch
  write(value, prototype, writer, depth) {
    if (prototype !== temporal()?.PlainDate.prototype) return undefined;
    if (Reflect.get(value, 'calendarId') !== 'iso8601') {
      throw writer.refusal(depth, 'a PlainDate with a calendar other than iso8601');
    }
    return writer.tagged(value, 100, depth, temporal().PlainDate.from(EPOCH).until(value).days);
  },
  check: (checker, _tag, depth) => checkInteger(checker, depth),
  read: (days, reader) => made(({ PlainDate }) => PlainDate.from(EPOCH).add({ days: reader.item(days) })),
};

const duration: Kind = {
  names: ['Temporal.Duration'],
  tags: [1002], // RFC 9581 §4
  write(value, prototype, writer, depth) {
    if (prototype !== temporal()?.Duration.prototype) return undefined;
    const amount = (unit: string) => Number(Reflect.get(value, unit));
    const [seconds = 0, milli = 0, micro = 0, nano = 0] = FRACTIONS.map(amount);
    const rest = milli * 1e6 + micro * 1e3 + nano;
    const isBalanced = Math.abs(milli) < 1000 && Math.abs(micro) < 1000 && Math.abs(nano) < 1000;
    if (!isBalanced || LARGER.some(amount)) {
      throw writer.refusal(depth, 'a Duration with units other than seconds and fractions of a second');
    }
    return writeTime(value, 1002, BigInt(seconds), BigInt(rest), writer, depth);
  },
  check: checkTime,
  read(content, reader) {
    const { seconds, rest } = readTime(content, reader);
    const nano = Number(rest);
    const [milli, micro] = [Math.trunc(nano / 1e6), Math.trunc((nano % 1e6) / 1000)];
    const parts = { seconds: Number(seconds), milliseconds: milli, microseconds: micro, nanoseconds: nano % 1000 };
    return made(({ Duration }) => Duration.from(parts)); // throws for parts of two signs
  },
};

/**
 * Opt-in: `typeRegistry().register(temporalTypes)` seals Temporal.Instant, Temporal.PlainDate (ISO calendar) and Temporal.Duration of seconds and
 * fractions of a second. Opening them needs a runtime with Temporal.
 */
export const temporalTypes: readonly OptInTypes[] = [instant, plainDate, duration];

const FRACTIONS: readonly string[] = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];
const LARGER: readonly string[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes'];

function writeTime(
  value: object,
  tag: number,
  seconds: bigint,
  rest: bigint,
  writer: ValueWriter,
  depth: number,
): object {
  const written = new Map<unknown, unknown>();
  writer.enter(value, depth, 2);
  const add = (key: number, amount: bigint) =>
    written.set(writer.item(key, depth + 2), writer.item(Number(amount), depth + 2));
  add(SECONDS, seconds);
  if (rest !== 0n) add(NANOSECONDS, rest);
  return writer.close(tag, written);
}

function checkTime(checker: ItemChecker, _tag: number, depth: number): void {
  if (checker.peek() !== MAP) throw fault('type', checker.offset);
  const length = checker.open(depth, 2);
  checker.members += length;
  for (let at = 0; at < 2 * length; at++) checkInteger(checker, depth + 1);
}

function checkInteger(checker: ItemChecker, depth: number): void {
  const major = checker.peek();
  if (major !== INTEGER && major !== NEGATIVE) throw fault('type', checker.offset);
  checker.item(depth);
}

function readTime(content: unknown, reader: ItemReader): { seconds: bigint; rest: bigint } {
  if (!(content instanceof Map)) throw fault('type');
  reader.members += content.size;
  const seconds = reader.item(content.get(SECONDS));
  const rest = content.has(NANOSECONDS) ? reader.item(content.get(NANOSECONDS)) : undefined;
  const isComplete = content.size === (rest === undefined ? 1 : 2) && typeof seconds === 'number';
  const isFraction = rest === undefined || (typeof rest === 'number' && rest !== 0 && Math.abs(rest) < 1e9);
  if (!isComplete || !isFraction) throw fault('type');
  return { seconds: BigInt(seconds), rest: BigInt(rest ?? 0) };
}

/** Returns the Temporal value. @throws {Refusal} if Temporal rejects the parts, or the runtime has no Temporal. */
function made<T>(make: (types: ReturnType<typeof temporal>) => T): T {
  const types = temporal();
  if (types === undefined) throw missingType('Temporal');
  try {
    return make(types);
  } catch {
    throw fault('date');
  }
}

/** Not every runtime has Temporal, and the types of this package do not declare it. */
function temporal() {
  return Reflect.get(globalThis, 'Temporal');
}
