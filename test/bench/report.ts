/** Numbers -> aligned text for the terminal, at most 110 columns, and one JSON file per run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Table {
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

/** Writes the run to `.results/<date>.json`, which git ignores, and returns its path. */
export function writeResults(run: Readonly<Record<string, unknown>>): string {
  const folder = new URL('.results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString();
  const file = new URL(`${date.replaceAll(':', '-')}.json`, folder); // no colons: Windows
  writeFileSync(file, `${JSON.stringify({ date, ...run }, undefined, 2)}\n`);
  return fileURLToPath(file);
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
