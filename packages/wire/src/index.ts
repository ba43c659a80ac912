export type { Candidate, SessionCookie } from './chunks.ts';
export {
  chunkCount,
  chunkIndex,
  chunkName,
  cookieBytes,
  countChunks,
  isChunk,
  joinChunks,
  MAX_CANDIDATES,
  MAX_CHUNKS,
  MAX_COOKIE_BYTES,
  splitValue,
} from './chunks.ts';
export type { EndedHead, Head, LiveHead, MovedHead } from './head.ts';
export { formatHead, parseHead } from './head.ts';
export {
  bindingOf,
  CHECK_PURPOSE,
  cookiePurpose,
  EXPRESS_PURPOSES,
  ID_BYTES,
  LOOKUP_LABEL,
  RESERVED_PREFIX,
  readBinding,
  readCookiePurpose,
  recordPurpose,
  SECRET_BYTES,
  SUBJECT_PURPOSE,
} from './names.ts';
export type { Contents, Flash, RawRecord, RecordFields, SessionRecord } from './record.ts';
export {
  DEFAULT_MAX_AGE,
  decodeRecord,
  emptyRecord,
  encodeRecord,
  formatRecord,
  parseRecord,
  valuesToMap,
  valuesToObject,
} from './record.ts';
