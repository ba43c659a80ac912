/** What opening a token ended with -> the ordered list of checks, each passed, failed or not reached. FORMAT.md §3. */
import type { Opened, Refused, SealErrorCode } from '@sealring/codec';

/** What `safeOpen` returns. */
export type Outcome = ({ ok: true } & Opened) | Refused;

export type CheckState = 'passed' | 'failed' | 'not reached';

export interface Check {
  title: string;
  state: CheckState;
  /** With `failed` only. */
  code: SealErrorCode | undefined;
}

/** In the order in which `open` checks. */
const STEPS: readonly { title: string; ends: readonly SealErrorCode[] }[] = [
  { title: 'The text is canonical base64url', ends: ['ERR_SEAL_MALFORMED'] },
  { title: 'The version is known', ends: ['ERR_SEAL_VERSION'] },
  { title: 'All parts are there', ends: ['ERR_SEAL_MALFORMED'] },
  { title: 'The key is known', ends: ['ERR_SEAL_KEY_UNKNOWN'] },
  { title: 'The tag fits', ends: ['ERR_SEAL_TAMPERED'] },
  { title: 'The age is right', ends: ['ERR_SEAL_EXPIRED', 'ERR_SEAL_FUTURE'] },
  { title: 'The payload keeps to the format', ends: ['ERR_SEAL_PAYLOAD', 'ERR_SEAL_TOO_LARGE'] },
  { title: 'All classes are known', ends: ['ERR_SEAL_TYPE_UNKNOWN'] },
];
const WITHOUT_KEY = 3; // steps that parseToken does
const LONGEST_CUT = 64; // characters of a sealed token without its payload; what is refused beyond that is too long

/** @param outcome undefined: the token was cut into its parts, and no key was there to go on with. */
export function checksOf(token: string, outcome: Outcome | undefined): Check[] {
  const failed = outcome?.ok === false ? failedStep(token, outcome.code) : STEPS.length;
  const reached = outcome === undefined ? WITHOUT_KEY : STEPS.length;
  return STEPS.map(({ title }, step) => ({
    title,
    state: step === failed ? 'failed' : step < Math.min(failed, reached) ? 'passed' : 'not reached',
    code: step === failed && outcome?.ok === false ? outcome.code : undefined,
  }));
}

function failedStep(token: string, code: SealErrorCode): number {
  const first = STEPS.findIndex(({ ends }) => ends.includes(code));
  if (code !== 'ERR_SEAL_MALFORMED' || token.length > LONGEST_CUT || !isCanonical(token)) return first;
  return STEPS.findLastIndex(({ ends }) => ends.includes(code)); // one code, two steps: a good text that is too short
}

/** Only base64url characters, no length of 1 modulo 4, zero spare bits in the last character. */
function isCanonical(token: string): boolean {
  if (!/^[\w-]+$/.test(token)) return false;
  const last = token.slice(-1);
  if (token.length % 4 === 2) return 'AQgw'.includes(last);
  if (token.length % 4 === 3) return 'AEIMQUYcgkosw048'.includes(last);
  return token.length % 4 === 0;
}
