export type { SealErrorCode } from './error.ts';
export { SealError } from './error.ts';
export type { KeyInput } from './keys.ts';
export { keyIdOf } from './keys.ts';
export type { Limits } from './limits.ts';
export { errorType, regExpType } from './opt-in.ts';
export type { ClassOf, Fields, Pair, TypeRegistry } from './registry.ts';
export { typeRegistry } from './registry.ts';
export type {
  Authentic,
  AuthenticateOptions,
  Opened,
  OpenOptions,
  Refused,
  Sealer,
  SealerOptions,
  SealOptions,
} from './sealer.ts';
export { createSealer } from './sealer.ts';
export type { Secret } from './secret.ts';
export { generateKey } from './secret.ts';
export type { Mode, SealedToken, SignedToken, Token } from './token.ts';
export { parseToken } from './token.ts';
