/** What the races over HTTP found -> `test/bench/results/races.json`, which the site shows; written where `WRITE_RESULTS` is set. */
import { writeFileSync } from 'node:fs';
import { at } from '../../support/repository.ts';

/** So many were tried, so many went wrong. */
interface Found {
  of: number;
  found: number;
}

export interface RaceRow {
  name: string;
  isOurs: boolean;
  /** Pairs of parallel requests of which one update was lost. */
  pairs?: Found;
  /** Writes that a slow reader overwrote. */
  reads?: Found;
  /** Logouts that a request in flight undid. */
  logouts?: Found;
}

export function writeRaces(rows: readonly RaceRow[]): void {
  if (!process.env['WRITE_RESULTS']) return;
  const results = { date: new Date().toISOString(), runtime: `Node.js ${process.versions.node}`, rows };
  writeFileSync(at('test/bench/results/races.json'), `${JSON.stringify(results, undefined, 2)}\n`);
}
