/** What a program has to know of the cookie that it shall read: everything but the keys themselves. */
import { cookiePurpose } from '@sealring/wire';

/** How the environment holds a key, as text. */
export type KeyEncoding = 'sealring' | 'hex' | 'base64' | 'base64url' | 'utf-8';

export interface Subject {
  /** With its prefix, as the browser knows it. */
  readonly cookieName: string;
  /** `session`: what the session layer wrote; `id`: an id, the data being on the server; `value`: anything else that was sealed. */
  readonly holds: 'session' | 'id' | 'value';
  readonly isSigned: boolean;
  /** One entry for each key, in their order; never empty. */
  readonly keys: readonly KeyEncoding[];
  /** What the token is for, if that is not `sealring:cookie:<name>`. */
  readonly purpose: string | undefined;
  /** Empty where there is none. */
  readonly context: string;
  /** Seconds; undefined: as the session layer or the codec has it. */
  readonly maxAge: number | undefined;
  /** Seconds since the epoch where the clock stands still; undefined: the present. */
  readonly clock: number | undefined;
  /** Over how many cookies it is split. */
  readonly chunks: number;
  /** Names of fields by the name under which the class is registered. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  readonly dictionary: readonly string[];
}

/** A name and options by which `store.get` finds the cookie; undefined where no session of the session layer is called that. */
export interface SessionName {
  readonly name: string;
  /** The option `cookie` of the store; undefined: none is needed. */
  readonly cookie: string | undefined;
}

const NAME = /^(__Host-|__Secure-|)([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128})$/;

export function sessionNameOf(cookieName: string): SessionName | undefined {
  const [, prefix, name = ''] = NAME.exec(cookieName) ?? [];
  if (prefix === undefined || /^__(?:Host|Secure|Http)-/i.test(name) || /\.[0-9]+$/.test(name)) return undefined;
  if (prefix === '__Host-') return { name, cookie: undefined };
  return { name, cookie: `{ prefix: '${prefix === '' ? 'none' : prefix}' }` };
}

/** Whether the session layer can open it. Else the codec alone does, which takes any purpose and any context. */
export function isForSessions({ cookieName, holds, purpose, context }: Subject): boolean {
  const isItsOwn = purpose === undefined || purpose === cookiePurpose(cookieName);
  return holds !== 'value' && isItsOwn && context === '' && sessionNameOf(cookieName) !== undefined;
}
