/** A page of the reference, as Markdown -> its headings, and under each of them the rows of its tables. */
import { read } from '../../support/repository.ts';

interface Row {
  /** The first cell, without its code marks. */
  readonly name: string;
  /** By the words above their column. */
  readonly cells: ReadonlyMap<string, string>;
}

export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** @param name of the file in the folder of the reference. */
export function readSections(name: string): Section[] {
  const [, ...parts] = read(`site/src/content/docs/reference/${name}`).split(/^##+ /m);
  return parts.map((part) => ({ heading: part.slice(0, part.indexOf('\n')), rows: readRows(part) }));
}

/** @throws {Error} where the page has no such heading. */
export function sectionOf(sections: readonly Section[], heading: string): Section {
  const found = sections.find((section) => section.heading === heading);
  if (found === undefined) throw new Error(`The page has no heading "${heading}"`);
  return found;
}

function readRows(text: string): Row[] {
  let columns: readonly string[] | undefined;
  const rows: Row[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) columns = undefined;
    else if (columns === undefined) columns = cellsOf(line);
    else if (!line.startsWith('|---')) {
      const cells = cellsOf(line);
      rows.push({
        name: plain(cells[0] ?? ''),
        cells: new Map(columns.map((column, at) => [column, cells[at] ?? ''])),
      });
    }
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function plain(cell: string): string {
  return cell.replaceAll('`', '');
}
