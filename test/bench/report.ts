/** Numbers -> aligned text for the terminal, at most 110 columns, and JSON that the site reads. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Table {
  /** By which a reader of the results finds it. */
  id: string;
  title: string;
  columns: readonly string[];
  /** First cell left, the others right. */
  rows: readonly (readonly (string | number)[])[];
}

/** What the numbers were measured on. */
export function describeMachine(): string {
  const [first, ...others] = cpus();
  const { node, v8 } = process.versions;
  return `Node.js ${node} (V8 ${v8}), ${others.length + 1} x ${first?.model.trim() ?? 'unknown CPU'}`;
}

export function formatTable({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return ['', title, ...lines.map((line) => `  ${line.map(pad).join('  ').trimEnd()}`)].join('\n');
}

/** The newest run of each benchmark: what the site shows. */
const RESULTS = new URL('results/', import.meta.url);
/** All runs; git ignores them. */
const HISTORY = new URL('.results/', import.meta.url);

/**
 * Writes the run to `results/<name>.json`, and a copy with its date to `.results/`.
 *
 * @returns the path of the former.
 */
export function writeResults(name: string, run: Readonly<Record<string, unknown>>): string {
  const date = new Date().toISOString();
  const text = `${JSON.stringify({ date, versions: readVersions(), ...run }, undefined, 2)}\n`;
  mkdirSync(HISTORY, { recursive: true });
  writeFileSync(new URL(`${name}-${date.replaceAll(':', '-')}.json`, HISTORY), text); // no colons: Windows
  const file = new URL(`${name}.json`, RESULTS);
  writeFileSync(file, text);
  return fileURLToPath(file);
}

/** Package -> version, of all that takes part. */
function readVersions(): Record<string, string> {
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  const names = Object.keys(read('package.json').dependencies);
  return Object.fromEntries(names.map((name) => [name, read(`node_modules/${name}/package.json`).version]));
}

/** Nanoseconds per call -> calls per second. */
export function formatRate(ns: number): string {
  return Math.round(1e9 / ns).toLocaleString('en');
}

export function formatMicroseconds(ns: number): string {
  return (ns / 1000).toFixed(2);
}

export function formatRatio(ratio: number): string {
  return formatNumber(ratio, 'x');
}

/** About three digits that count; whole numbers as they are. */
export function formatNumber(value: number, unit: string): string {
  const decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${Number.isInteger(value) ? value : value.toFixed(decimals)}${unit}`;
}
