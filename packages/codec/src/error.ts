/** Why a token is rejected or a value cannot be sealed: stable codes, and what carries them. */

/** Every reason why a token is rejected, or a value not sealed. Renaming one is a breaking change. */
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
 * The one error of this package. Branch on `code`; the message may change, and holds no key, token or value.
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

/** Where in the payload, and by which rule of FORMAT.md §4, it was rejected. */
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
 * What the stations of the path throw and only the sealer catches. Not an Error on purpose: the stack trace of an Error
 * costs about 3 µs, a third of opening a small token, and a forged token shall not be dearer than a good one.
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

/** A refusal as the error that users see. Anything else, such as an error out of a user's getter, comes back as it is. */
export function toError(thrown: unknown): unknown {
  if (!(thrown instanceof Refusal)) return thrown;
  const { offset, cause } = thrown.detail;
  return new SealError(thrown.code, thrown.message, cause === undefined ? { offset } : { offset, cause });
}
