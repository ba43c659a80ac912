/** What the session layer throws: stable codes, and the one error class that carries them. */

/** Renaming one is a breaking change. */
export type SessionErrorCode =
  | 'ERR_SESSION_BACKEND'
  | 'ERR_SESSION_COMMITTED'
  | 'ERR_SESSION_CONFLICT'
  | 'ERR_SESSION_DESTROYED'
  | 'ERR_SESSION_HEADERS_SENT'
  | 'ERR_SESSION_TOO_LARGE'
  | 'ERR_SESSION_UNKNOWN';

/** The one error of this package. Branch on `code`; the message may change, and holds no id, token or value. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  constructor(code: SessionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
