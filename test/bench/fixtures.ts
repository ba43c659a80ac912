/** The three session values that every row carries, S, M and L: file -> value, its JSON size and its field names. */
import { readFileSync } from 'node:fs';

/** One session value and what the tables say about it. */
export interface Fixture {
  name: 'S' | 'M' | 'L';
  value: JsonObject;
  /** UTF-8 bytes of its JSON text, without spaces. */
  jsonBytes: number;
  /** Every field name of the value, nested ones included, each once, in order of first use: the dictionary row's list. */
  fieldNames: readonly string[];
}

type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [field: string]: Json;
}

/** The fixtures in the order of the report. */
export const FIXTURES: readonly Fixture[] = [readFixture('S'), readFixture('M'), readFixture('L')];

function readFixture(name: Fixture['name']): Fixture {
  const text = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
  // The one trust boundary: the file is ours, and JSON.parse makes nothing but Json.
  return fixtureOf(name, JSON.parse(text) as JsonObject);
}

/** What the rows have to know of a value. */
export function fixtureOf(name: Fixture['name'], value: JsonObject): Fixture {
  return { name, value, jsonBytes: Buffer.byteLength(JSON.stringify(value)), fieldNames: [...new Set(namesIn(value))] };
}

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...namesIn(field)]);
}
