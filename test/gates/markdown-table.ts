/** A Markdown file -> the cells of a table in it. */
import { read } from '../support/repository.ts';

/** The rows of the one table of a Markdown file whose first heading is this. */
export function tableIn(path: string, heading: string): string[][] {
  const tables = read(path).match(/(?:^\|.*\|$\n?)+/gm) ?? [];
  const [found, ...others] = tables.map(rowsOf).filter(([heads]) => heads?.[0] === heading);
  if (found === undefined || others.length > 0) throw new Error(`${path}: expected one table headed "${heading}"`);
  return found.slice(2);
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
