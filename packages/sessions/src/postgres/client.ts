/** A client of either driver -> one way to ask it: a statement and its values for rows of texts. */

import { describe } from '../options.ts';
import { fingerprint } from '../text.ts';

/** What is used of a `Pool`, `Client` or `PoolClient` of pg 8. */
export interface PgClient {
  query(query: { text: string; values: unknown[]; rowMode: 'array'; name?: string }): Promise<{ rows: unknown[][] }>;
  connect(): unknown;
}

/** What is used of the `Sql` that `postgres()` of postgres.js 3 gives. */
export interface PostgresJsClient {
  unsafe(text: string, values: Value[], options: { prepare?: boolean }): { raw(): PromiseLike<Iterable<unknown[]>> };
}

/** A client of either driver. */
export type PostgresClient = PgClient | PostgresJsClient;

export type Value = string | number | Uint8Array | null;

/** Every column that a statement gives is a text: so neither driver parses it, whatever parsers the caller has set. */
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
 * at its end comes to the first call that opens the connection anew, which is then never sent.
 */
const NEVER_SENT = ['57P01', '57P02'];

/**
 * @param prepare whether statements with values are prepared once for each connection. Those without are sent as they are.
 * @throws {TypeError} when it is no client of either driver.
 */
export function driverOf(client: PostgresClient, prepare: boolean): Driver {
  if (isPostgresJs(client)) return { ask: askPostgresJs(client, prepare), again: [...ROLLED_BACK, ...NEVER_SENT] };
  if (isPg(client)) return { ask: askPg(client, prepare), again: ROLLED_BACK };
  const expected = 'a Pool or a Client of pg, or what postgres() of postgres.js gives';
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
  return Array.from(rows, (row) => row.map(readText));
}

/** A text, or the bytes of one: raw rows of postgres.js, and pg in its binary mode. */
function readText(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (cell instanceof Uint8Array) return new TextDecoder().decode(cell);
  throw new TypeError(`A column of a row expected text, got ${describe(cell)}`);
}

function isPg(client: unknown): client is PgClient {
  return hasMethod(client, 'query') && hasMethod(client, 'connect');
}

function isPostgresJs(client: unknown): client is PostgresJsClient {
  return typeof client === 'function' && hasMethod(client, 'unsafe');
}

function hasMethod(client: unknown, name: string): boolean {
  const isObject = (typeof client === 'object' && client !== null) || typeof client === 'function';
  return isObject && typeof Reflect.get(client, name) === 'function';
}
