export { errorType, regExpType } from './cbor/kinds/opt-in.ts';
export type { ClassOf, Fields, Pair, TypeRegistry } from './cbor/kinds/registry.ts';
export { typeRegistry } from './cbor/kinds/registry.ts';
export { temporalTypes } from './cbor/kinds/temporal.ts';
export type { OptInTypes } from './cbor/kinds/types.ts';
export type { KeyInput } from './crypto/keys.ts';
export { keyIdOf } from './crypto/keys.ts';
export type { Secret } from './crypto/secret.ts';
export { generateKey } from './crypto/secret.ts';
export type { SealErrorCode } from './error.ts';
export { SealError } from './error.ts';
export type { Limits } from './limits.ts';
export type {
  Authentic,
  AuthenticateOptions,
  Opened,
  OpenOptions,
  Refused,
  Sealer,
  SealerOptions,
  SealOptions,
} from './sealer/interface.ts';
export { createSealer } from './sealer/sealer.ts';
export type { Mode, SealedToken, SignedToken, Token } from './token/token.ts';
export { formatToken, parseToken } from './token/token.ts';
