/** Why a token is rejected or a value cannot be sealed: stable codes, and the errors that carry them. */

/** Every reason why a token is rejected or a value cannot be sealed. Renaming one is a breaking change. */
export type SealErrorCode =
  | 'ERR_SEAL_MALFORMED'
  | 'ERR_SEAL_VERSION'
  | 'ERR_SEAL_KEY_UNKNOWN'
  | 'ERR_SEAL_TAMPERED'
  | 'ERR_SEAL_EXPIRED'
  | 'ERR_SEAL_FUTURE'
  | 'ERR_SEAL_PAYLOAD'
  | 'ERR_SEAL_TYPE_UNKNOWN'
  | 'ERR_SEAL_TOO_LARGE';

/**
 * The only error class of this package. Branch on `code`. The message may change between releases. It never contains a key, a token or a value.
 *
 * @example
 * import { createSealer, generateKey, SealError } from '@sealring/codec';
 * const sealer = createSealer({ keys: [generateKey()], purpose: 'example' });
 * try {
 *   sealer.open('not a token');
 * } catch (error) {
 *   if (error instanceof SealError) console.log(error.code); // ERR_SEAL_MALFORMED
 * }
 */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code: SealErrorCode;
  /** With `ERR_SEAL_PAYLOAD` and `ERR_SEAL_TYPE_UNKNOWN`: the byte of the payload at which reading stopped, if known. */
  readonly offset: number | undefined;
  constructor(code: SealErrorCode, message: string, options?: { cause?: unknown; offset?: number | undefined }) {
    super(message, options && 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.offset = options?.offset;
  }
}

/** Which rule of FORMAT.md §4 a payload breaks, and at which byte. */
export interface RefusalDetail {
  reason?: PayloadReason;
  offset?: number | undefined;
  cause?: unknown;
}

/** The rules by which a payload is rejected. */
export type PayloadReason =
  | 'size'
  | 'eof'
  | 'trailing'
  | 'form'
  | 'indefinite'
  | 'reserved'
  | 'utf8'
  | 'simple'
  | 'key'
  | 'proto'
  | 'dup'
  | 'tag'
  | 'type'
  | 'date'
  | 'bignum'
  | 'length'
  | 'url'
  | 'class'
  | 'depth'
  | 'items';

/**
 * Thrown inside the package and caught only by the sealer. It is not an Error on purpose: the stack trace of an Error
 * costs about 3 µs, a third of opening a small token, and a forged token must not cost more than a valid one.
 */
export class Refusal {
  readonly code: SealErrorCode;
  readonly message: string;
  readonly detail: RefusalDetail;
  constructor(code: SealErrorCode, message: string, detail: RefusalDetail = {}) {
    this.code = code;
    this.message = message;
    this.detail = detail;
  }
}

/** Converts a refusal to the error that users see. Returns anything else, such as an error from a user's getter, as it is. */
export function toError(thrown: unknown): unknown {
  if (!(thrown instanceof Refusal)) return thrown;
  const { offset, cause } = thrown.detail;
  return new SealError(thrown.code, thrown.message, cause === undefined ? { offset } : { offset, cause });
}
