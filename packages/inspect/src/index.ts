export type { AnnotateOptions } from './cbor/annotate.ts';
export { annotate } from './cbor/annotate.ts';
export { formatDiagnostic } from './cbor/diagnostic.ts';
export { explain, readCookies } from './explain/explain.ts';
export type {
  AnnotatedItem,
  Annotation,
  Check,
  CheckId,
  CheckState,
  ExplainOptions,
  Explanation,
  FormatMatch,
  OpenedToken,
  PastedCookie,
  Range,
  Segment,
  SessionView,
  Verdict,
} from './explanation.ts';
export type { ReadSecret, SecretEncoding } from './secret-text.ts';
export { readSecret } from './secret-text.ts';
