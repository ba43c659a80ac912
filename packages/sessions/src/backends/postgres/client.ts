/** A client of either driver -> one way to ask it: a statement and its values for rows of strings. */

import { describe } from '../../options.ts';
import { fingerprint } from '../../text.ts';
import { checkMistakes, hasMethods } from '../kit/clients.ts';
import { MISTAKES } from './mistaken.ts';

/** What is used of a `Pool`, `Client` or `PoolClient` of pg 8. */
export interface PgClient {
  query(query: { text: string; values: unknown[]; rowMode: 'array'; name?: string }): Promise<{ rows: unknown[][] }>;
  connect(): unknown;
}

/** What is used of the `Sql` that `postgres()` of postgres.js 3 returns. */
export interface PostgresJsClient {
  unsafe(text: string, values: Value[], options: { prepare?: boolean }): { raw(): PromiseLike<Iterable<unknown[]>> };
}

/** A client of either driver. */
export type PostgresClient = PgClient | PostgresJsClient;

type Value = string | number | Uint8Array | null;

/** Every column that a statement returns is a string, so neither driver parses it, whatever parsers the caller has set. */
export type Ask = (statement: string, values: readonly Value[]) => Promise<string[][]>;

export interface Driver {
  readonly ask: Ask;
  /** Codes of errors after which nothing was done, and the same may be asked again. */
  readonly again: readonly string[];
}

/** serialization_failure, deadlock_detected. */
const ROLLED_BACK = ['40001', '40P01'];
/**
 * admin_shutdown, crash_shutdown. In postgres.js 3.4 the call that was under way fails for the closed connection; what the server said
 * at its end comes to the first call that opens the connection again, which is then never sent.
 */
const NEVER_SENT = ['57P01', '57P02'];

/**
 * @param prepare whether statements with values are prepared once for each connection. Those without are sent as they are.
 * @throws {TypeError} if the client cannot work.
 */
export function driverOf(client: PostgresClient, prepare: boolean): Driver {
  const expected = 'a Pool or a Client of pg, or what postgres() of postgres.js returns';
  checkMistakes(expected, client, MISTAKES);
  if (isPostgresJs(client)) return { ask: askPostgresJs(client, prepare), again: [...ROLLED_BACK, ...NEVER_SENT] };
  if (isPg(client)) return { ask: askPg(client, prepare), again: ROLLED_BACK };
  throw new TypeError(`"client" expected ${expected}, got ${describe(client)}`);
}

function askPg(client: PgClient, prepare: boolean): Ask {
  const names = new Map<string, string>();
  return async (text, values) => {
    const query = { text, values: [...values], rowMode: 'array' as const };
    const isPrepared = prepare && values.length > 0;
    const { rows } = await client.query(isPrepared ? { ...query, name: nameOf(text, names) } : query);
    return readRows(rows);
  };
}

function askPostgresJs(client: PostgresJsClient, prepare: boolean): Ask {
  return async (text, values) => {
    const isPrepared = prepare && values.length > 0;
    return readRows(await client.unsafe(text, [...values], isPrepared ? { prepare } : {}).raw());
  };
}

/** Of a prepared statement, of at most 63 characters: no other statement on the same connection may have it, of whatever table. */
function nameOf(text: string, names: Map<string, string>): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `sealring_${fingerprint(new TextEncoder().encode(text))}`;
  names.set(text, name);
  return name;
}

function readRows(rows: Iterable<unknown[]>): string[][] {
  return Array.from(rows, (row) => row.map(readCell));
}

/** A string, or its bytes: raw rows of postgres.js, and pg in its binary mode. */
function readCell(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (cell instanceof Uint8Array) return new TextDecoder().decode(cell);
  throw new TypeError(`A column of a row expected a string, got ${describe(cell)}`);
}

function isPg(client: PostgresClient): client is PgClient {
  return hasMethods(client, 'query', 'connect');
}

function isPostgresJs(client: PostgresClient): client is PostgresJsClient {
  return typeof client === 'function' && hasMethods(client, 'unsafe');
}
