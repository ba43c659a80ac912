export type { KeyInput, TypeRegistry } from '@sealring/codec';
export { generateKey, typeRegistry } from '@sealring/codec';
export type { Backend, ManagedBackend, MaybePromise, SetOptions, StoredRecord, Version } from './backends/backend.ts';
export type { CachedOptions } from './backends/cached.ts';
export { cached } from './backends/cached.ts';
export type { MemoryOptions } from './backends/memory.ts';
export { memory } from './backends/memory.ts';
export type { CookieOptions } from './cookie/attributes.ts';
export type { SetCookie } from './cookie/header.ts';
export type { CookieJar } from './cookie/jar.ts';
export type { SessionErrorCode } from './error.ts';
export { SessionError } from './error.ts';
export type { KeyOptions } from './keys.ts';
export type { NodeResponse } from './response/node.ts';
export type { WithSessionsOptions } from './response/save.ts';
export { commit, save, saveBeforeHeaders, withSessions } from './response/save.ts';
export type {
  ReadonlySession,
  ReadonlySessionBase,
  ReadonlySessionOf,
  Rejection,
  Session,
  SessionBase,
  SessionOf,
  SessionOptions,
} from './session/session.ts';
export type { Commit } from './store/commit.ts';
export type { CookieStoreOptions } from './store/cookie-store.ts';
export { cookieStore } from './store/cookie-store.ts';
export type { DefinedSession, InferSession, SessionDefinition } from './store/define.ts';
export { defineSession } from './store/define.ts';
export type { EventHooks, Outcome, SessionEvent } from './store/events.ts';
export type { LambdaEvent, RequestWithHeaders, SessionRequest } from './store/request.ts';
export type { Migrate, Schema, SchemaIssue, SchemaResult } from './store/schema.ts';
export type { ServerStoreOptions } from './store/server-store.ts';
export { serverStore } from './store/server-store.ts';
export type { StoreOptions } from './store/setup.ts';
export type { ListedSession, RevokeOptions, Store } from './store/store.ts';
