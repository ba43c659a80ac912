/** Why the codec will not seal a session -> an error in this package's words: by how much it is too large, or at which key it fails. */

import { SealError, type Sealer } from '@sealring/codec';
import { SessionError } from './error.ts';
import type { SessionObject } from './session-object.ts';

const SHOWN = 3;
const LONGEST_KEY = 64;

/** `seal`, with its errors about the session and not about the record around it. @throws {SessionError} `ERR_SESSION_TOO_LARGE`. @throws {SealError} */
export function explainSize<T>(session: SessionObject, sealer: Sealer, value: unknown, most: number, seal: () => T): T {
  try {
    return seal();
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    if (error.code !== 'ERR_SEAL_TOO_LARGE') throw atKey(error);
    const bytes = sealer.encode(value).length; // throws again where it is too deep or has too many items
    throw bytes > most ? tooLarge(session, sealer, 'it has', bytes, most) : error;
  }
}

/** @returns a SessionError with the exact size and the largest keys. Keys that are objects stay unnamed. */
export function tooLarge(
  session: SessionObject,
  sealer: Sealer,
  what: string,
  bytes: number,
  most: number,
): SessionError {
  const sizes = [...session.contents.values]
    .filter(([key]) => typeof key === 'string' || typeof key === 'number')
    .map(([key, item]) => ({ key: String(key).slice(0, LONGEST_KEY), size: sealer.encode(item).length }))
    .sort((one, other) => other.size - one.size);
  const largest = sizes.slice(0, SHOWN).map(({ key, size }) => `${key} (${size} bytes)`);
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save session "${session.name}": ${what} ${bytes} bytes, there is room for ${most}; largest keys: ${largest.join(', ')}`,
  );
}

/** The values are the second item of a record: `$[1].cart` there is `$.cart` to the caller. */
function atKey(error: SealError): SealError {
  return new SealError(error.code, error.message.replace(/^\$\[1\]/, '$'), { cause: error });
}
