/** Why the codec did not open a token -> why the session is rejected, in this package's words. */

import type { SealErrorCode } from '@sealring/codec';
import type { Rejection } from './session.ts';

const REJECTIONS: Readonly<Record<SealErrorCode, Rejection>> = {
  ERR_SEAL_MALFORMED: 'malformed',
  ERR_SEAL_VERSION: 'version',
  ERR_SEAL_KEY_UNKNOWN: 'unknown-key',
  ERR_SEAL_TAMPERED: 'tampered',
  ERR_SEAL_EXPIRED: 'expired',
  ERR_SEAL_FUTURE: 'future',
  ERR_SEAL_PAYLOAD: 'payload',
  ERR_SEAL_TYPE_UNKNOWN: 'unknown-type',
  ERR_SEAL_TOO_LARGE: 'payload',
};

export function rejectionOf(code: SealErrorCode): Rejection {
  return REJECTIONS[code];
}
