/** How a key may be written. */
import type { SecretEncoding } from '@sealring/inspect';

export const KEY_ENCODINGS = [
  'sealring',
  'hex',
  'base64',
  'base64url',
  'utf-8',
] as const satisfies readonly SecretEncoding[];
