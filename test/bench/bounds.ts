/** What must be reached: a measured number and its bound -> pass or FAIL. A FAIL is printed, never thrown: timing is no test. */
import { formatNumber, type Table } from './report.ts';

/** One number that must be reached. */
export interface Bound {
  what: string;
  measured: number;
  is: '<=' | '>=' | '=';
  bound: number;
  /** `x`: a ratio. */
  unit: '' | 'x';
}

export function atLeast(bound: number, what: string, measured: number): Bound {
  return { what, measured, is: '>=', bound, unit: 'x' };
}

export function atMost(bound: number, what: string, measured: number, unit: Bound['unit'] = 'x'): Bound {
  return { what, measured, is: '<=', bound, unit };
}

export function exactly(bound: number, what: string, measured: number): Bound {
  return { what, measured, is: '=', bound, unit: '' };
}

export function isReached({ measured, is, bound }: Bound): boolean {
  if (is === '=') return measured === bound;
  return is === '<=' ? measured <= bound : measured >= bound;
}

export function boundsTable(bounds: readonly Bound[]): Table {
  return {
    id: 'bounds',
    title: 'Must reach',
    columns: ['', 'measured', 'bound', ''],
    rows: bounds.map((bound) => [
      bound.what,
      formatNumber(bound.measured, bound.unit),
      `${bound.is} ${bound.bound}${bound.unit}`,
      isReached(bound) ? 'pass' : 'FAIL',
    ]),
  };
}
