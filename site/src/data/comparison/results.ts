/** The result files of the benchmarks -> tables whose cells are shown as they stand there. No number of a page is written anywhere else. */
import bundle from '../../../../test/bench/results/bundle.json';
import codec from '../../../../test/bench/results/codec.json';
import stores from '../../../../test/bench/results/stores.json';

type Cell = string | number;

interface ResultTable {
  id: string;
  title: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** What a run says of itself. */
export interface Run {
  date: string;
  machine: string;
  /** A short look, whose numbers are not for quoting. */
  quick: boolean;
  effort: { rounds: number; roundMs: number };
  versions: Readonly<Record<string, string>>;
}

const RUNS = { codec, stores };
export type RunName = keyof typeof RUNS;

export function readRun(name: RunName): Run {
  const { date, machine, quick, effort, versions } = RUNS[name];
  return { date, machine, quick, effort, versions };
}

/** One row of a result table: its name and its cells by column; of columns with one name, the first. */
export interface ResultRow {
  name: string;
  cell(column: string): string;
  number(column: string): number;
}

/** @returns undefined where the run has no such table, as it was left out. */
export function readTable(name: RunName, id: string): { title: string; rows: ResultRow[] } | undefined {
  const tables: readonly ResultTable[] = RUNS[name].tables;
  const table = tables.find((each) => each.id === id);
  if (table === undefined) return undefined;
  const cellOf = (row: readonly Cell[], column: string) => {
    const at = table.columns.indexOf(column);
    if (at < 0) throw new RangeError(`"${id}" expected a column named ${column}`);
    return String(row[at] ?? '');
  };
  const rows = table.rows.map((row) => ({
    name: String(row[0]),
    cell: (column: string) => cellOf(row, column),
    number: (column: string) => Number(cellOf(row, column).replaceAll(/[,x%]/g, '')),
  }));
  return { title: table.title, rows };
}

/** What the codec adds to a page: thousands of bytes, compressed, as the test of its bundle found. */
export const codecKilobytes: string = (bundle.gzip / 1000).toFixed(1);

export const isOurs = (name: string): boolean => /^(@sealring|sealring)\b/.test(name);
