/** Why the codec will not seal a session -> an error in this package's words: how many bytes too many, or at which key. */

import { SealError, type Sealer } from '@sealring/codec';
import { SessionError } from '../error.ts';
import type { Draft } from '../session/draft.ts';

const MAX_SHOWN = 3;
const MAX_KEY = 64;

/**
 * What to throw where a record was not sealed: the codec's errors are worded about the session instead of the record around it.
 *
 * @returns a SessionError `ERR_SESSION_TOO_LARGE`, a SealError with the path of the value that cannot be sealed, or `error` itself.
 */
export function explained(error: unknown, draft: Draft, sealer: Sealer, value: unknown, maxBytes: number): unknown {
  if (!(error instanceof SealError)) return error;
  return error.code === 'ERR_SEAL_TOO_LARGE' ? beyondLimit(draft, sealer, value, maxBytes, error) : atKey(error, value);
}

/** The payload of a value. @throws {SessionError} `ERR_SESSION_TOO_LARGE`. @throws {SealError} */
export function encodeWithin(draft: Draft, sealer: Sealer, value: unknown, maxBytes: number): Uint8Array {
  const bytes = sealer.encode(value);
  if (bytes.length > maxBytes) throw tooLarge(draft, sealer, 'it has', bytes.length, maxBytes);
  return bytes;
}

/** Returns an error with the exact size and the largest keys. Keys that are not strings or numbers stay unnamed. */
export function tooLarge(draft: Draft, sealer: Sealer, what: string, bytes: number, maxBytes: number): SessionError {
  const sizes = [...draft.contents.values]
    .filter(([key]) => typeof key === 'string' || typeof key === 'number')
    .map(([key, item]) => ({ key: String(key).slice(0, MAX_KEY), size: sealer.encode(item).length }))
    .sort((one, other) => other.size - one.size);
  const largest = sizes.slice(0, MAX_SHOWN).map(({ key, size }) => `${key} (${size} bytes)`);
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save session "${draft.keeper.name}": ${what} ${bytes} bytes, there is room for ${maxBytes}; largest keys: ${largest.join(', ')}`,
  );
}

/** Too many bytes; or too deep, or too many items, which encoding it says again. */
function beyondLimit(draft: Draft, sealer: Sealer, value: unknown, maxBytes: number, cause: SealError): SessionError {
  try {
    const bytes = sealer.encode(value).length;
    if (bytes > maxBytes) return tooLarge(draft, sealer, 'it has', bytes, maxBytes);
  } catch {
    // The codec's own message says which limit it is.
  }
  const message = `Cannot save session "${draft.keeper.name}": ${atKey(cause, value).message}`;
  return new SessionError('ERR_SESSION_TOO_LARGE', message, { cause });
}

/**
 * The values are the second item of a record: `$[1].cart` there is `$.cart` to the caller. In a Map, which they are if some key is no string, the codec
 * counts: `$[1].value(0)` is the value of the first key.
 */
function atKey(error: SealError, record: unknown): SealError {
  const values: unknown = Array.isArray(record) ? record[1] : undefined;
  const keys = values instanceof Map ? [...values.keys()].map((key) => String(key).slice(0, MAX_KEY)) : undefined;
  const path = keys === undefined ? /\$\[1\]()/ : /\$\[1\]\.(?:value|key)\((\d+)\)/;
  const message = error.message.replace(path, (_, at: string) => (keys === undefined ? '$' : `$.${keys[Number(at)]}`));
  return new SealError(error.code, message, { cause: error });
}
