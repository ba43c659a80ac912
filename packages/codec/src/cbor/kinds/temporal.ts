/** Temporal.Instant, PlainDate and Duration <-> the tags of RFC 9581 and RFC 8943, for those who ask for them. FORMAT.md §4, tags 100, 1001, 1002. */

import { INTEGER, MAP, NEGATIVE } from '../cursor.ts';
import { fault, missingType } from '../fault.ts';
import type { ItemChecker, ItemReader, Kind, ValueWriter } from './kind.ts';
import type { OptInTypes } from './types.ts';

const TAG_DAYS = 100; // RFC 8943 §2: days since the epoch
const TAG_INSTANT = 1001; // RFC 9581 §3
const TAG_DURATION = 1002; // RFC 9581 §4
const SECONDS = 1; // RFC 9581 §3.1: keys of the map
const NANOSECONDS = -9;
const BILLION = 1_000_000_000n;
const DAY_MS = 86_400_000;

const temporalKind: Kind = {
  names: ['Temporal.Instant', 'Temporal.PlainDate', 'Temporal.Duration'],
  tags: [TAG_DAYS, TAG_INSTANT, TAG_DURATION],
  write(value, prototype, writer, depth) {
    if (prototype === temporal('Instant')?.prototype) {
      const nanoseconds = BigInt(Reflect.get(value, 'epochNanoseconds'));
      const rest = ((nanoseconds % BILLION) + BILLION) % BILLION;
      return writeTime(value, TAG_INSTANT, (nanoseconds - rest) / BILLION, rest, writer, depth);
    }
    if (prototype === temporal('PlainDate')?.prototype) {
      if (Reflect.get(value, 'calendarId') !== 'iso8601')
        throw writer.refusal(depth, 'a PlainDate of another calendar than iso8601');
      const [year, month, day] = ['year', 'month', 'day'].map((unit) => Number(Reflect.get(value, unit)));
      const time = new Date(0).setUTCFullYear(year ?? 0, (month ?? 1) - 1, day);
      return writer.tagged(value, TAG_DAYS, depth, time / DAY_MS);
    }
    if (prototype === temporal('Duration')?.prototype) {
      const total = nanosecondsOf(value);
      const parts = partsOf(total);
      if (UNITS.some((unit) => Number(Reflect.get(value, unit)) !== (parts[unit] ?? 0))) {
        throw writer.refusal(depth, 'a Duration of anything but seconds and fractions');
      }
      return writeTime(value, TAG_DURATION, total / BILLION, total % BILLION, writer, depth);
    }
    return undefined;
  },
  check(checker, tag, depth) {
    if (tag === TAG_DAYS) checkInteger(checker, depth);
    else {
      if (checker.peek() !== MAP) throw fault('type', checker.offset);
      const length = checker.open(depth, 2);
      for (let at = 0; at < 2 * length; at++) checkInteger(checker, depth + 1);
    }
  },
  read(content, reader, tag) {
    if (temporal('Instant') === undefined) throw missingType('Temporal');
    const made = tag === TAG_DAYS ? dateOf(content) : content instanceof Map ? timeOf(content, reader, tag) : undefined;
    if (made === undefined) throw fault('type');
    return made;
  },
};

/**
 * Opt-in: `typeRegistry().register(temporalTypes)` seals Temporal.Instant, Temporal.PlainDate (ISO calendar) and Temporal.Duration of seconds and
 * fractions. To read them the runtime has to have Temporal.
 */
export const temporalTypes: OptInTypes = temporalKind;

function writeTime(
  value: object,
  tag: number,
  seconds: bigint,
  rest: bigint,
  writer: ValueWriter,
  depth: number,
): object {
  const entries: [number, bigint][] =
    rest === 0n
      ? [[SECONDS, seconds]]
      : [
          [SECONDS, seconds],
          [NANOSECONDS, rest],
        ];
  writer.enter(value, depth, entries.length);
  const items = entries.map(
    ([key, amount]) => [writer.item(key, depth + 2), writer.item(Number(amount), depth + 2)] as const,
  );
  return writer.close(tag, new Map(items));
}

function checkInteger(checker: ItemChecker, depth: number): void {
  const major = checker.peek();
  if (major !== INTEGER && major !== NEGATIVE) throw fault('type', checker.offset);
  checker.item(depth);
}

function dateOf(days: unknown): unknown {
  const date = new Date(Number(days) * DAY_MS);
  if (Number.isNaN(date.getTime())) return undefined;
  const fields = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  return attempt(() => temporal('PlainDate')?.from?.(fields));
}

function timeOf(content: ReadonlyMap<unknown, unknown>, reader: ItemReader, tag: number): unknown {
  const seconds = reader.item(content.get(SECONDS));
  const rest = reader.item(content.get(NANOSECONDS)) ?? 0;
  if (typeof seconds !== 'number' || typeof rest !== 'number' || content.size !== (content.has(NANOSECONDS) ? 2 : 1))
    return undefined;
  const least = tag === TAG_INSTANT ? 0 : 1 - Number(BILLION);
  if (rest < least || rest >= Number(BILLION) || (tag === TAG_DURATION && seconds * rest < 0)) return undefined;
  const total = BigInt(seconds) * BILLION + BigInt(rest);
  return attempt(() =>
    tag === TAG_INSTANT
      ? temporal('Instant')?.fromEpochNanoseconds?.(total)
      : temporal('Duration')?.from?.(partsOf(total)),
  );
}

const UNITS: readonly string[] = [
  ...['years', 'months', 'weeks', 'days', 'hours', 'minutes'],
  ...['seconds', 'milliseconds', 'microseconds', 'nanoseconds'],
];

/** A duration as seconds and what is smaller than a second. */
function partsOf(total: bigint): Readonly<Record<string, number>> {
  const rest = Number(total % BILLION);
  const [milliseconds, microseconds] = [Math.trunc(rest / 1e6), Math.trunc((rest % 1e6) / 1000)];
  return { seconds: Number(total / BILLION), milliseconds, microseconds, nanoseconds: rest % 1000 };
}

/** Of its seconds and what is smaller. */
function nanosecondsOf(duration: object): bigint {
  const amount = (unit: string) => BigInt(Number(Reflect.get(duration, unit)));
  const small = amount('milliseconds') * 1_000_000n + amount('microseconds') * 1000n + amount('nanoseconds');
  return amount('seconds') * BILLION + small;
}

/** A range error of Temporal is a payload that means no value. */
function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return undefined;
  }
}

interface TemporalClass {
  readonly prototype: object;
  from?(fields: object): object;
  fromEpochNanoseconds?(nanoseconds: bigint): object;
}

/** Not every runtime has it, nor do the types of this package. */
function temporal(name: 'Instant' | 'PlainDate' | 'Duration'): TemporalClass | undefined {
  return Reflect.get(globalThis, 'Temporal')?.[name];
}
