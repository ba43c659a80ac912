/** A token and what opening it ended with -> one headline and the sentences that help further. */
import type { Token } from '@sealring/codec';
import type { Outcome } from './checks.ts';
import { explain } from './explain.ts';
import { hex } from './parts.ts';
import { formatDuration, formatInstant } from './time.ts';

export interface Verdict {
  state: 'passed' | 'failed' | 'waiting';
  headline: string;
  details: string[];
}

export interface Circumstances {
  /** Of the key in the field, where there is one. */
  keyId: string | undefined;
  now: number;
  maxAge: number | undefined;
}

/** @param outcome undefined: there is no key, or no purpose, to open the token with. */
export function verdictOf(
  token: Token | undefined,
  outcome: Outcome | undefined,
  circumstances: Circumstances,
): Verdict {
  const { now } = circumstances;
  if (outcome?.ok) {
    const { issuedAt, keyId } = outcome;
    return {
      state: 'passed',
      headline: 'It opens.',
      details: [`Issued at ${formatInstant(issuedAt, now)}, with key ${keyId}.`],
    };
  }
  const unverified = token?.mode === 'signed' ? ['Its payload can be read below, but nothing vouches for it.'] : [];
  if (outcome === undefined) {
    const headline = 'Not opened yet: a key and a purpose are needed.';
    return { state: 'waiting', headline, details: [...keyWanted(token), ...unverified] };
  }
  const { means, tryThis } = explain(outcome.code);
  return {
    state: 'failed',
    headline: means,
    details: [...particulars(token, outcome, circumstances), tryThis, ...unverified],
  };
}

function particulars(
  token: Token | undefined,
  outcome: Outcome & { ok: false },
  { keyId, now, maxAge }: Circumstances,
): string[] {
  switch (outcome.code) {
    case 'ERR_SEAL_KEY_UNKNOWN':
      return [...keyWanted(token), `The key given here is ${keyId ?? 'unknown'}.`];
    case 'ERR_SEAL_EXPIRED':
      if (token === undefined || maxAge === undefined) return [];
      return [`It was good for ${formatDuration(maxAge)}, until ${formatInstant(token.issuedAt + maxAge, now)}.`];
    case 'ERR_SEAL_FUTURE':
      return token === undefined ? [] : [`Issued at ${formatInstant(token.issuedAt, now)}.`];
    case 'ERR_SEAL_TAMPERED':
      return [];
    default:
      return [`The codec says: ${outcome.message}.`];
  }
}

const keyWanted = (token: Token | undefined) => (token ? [`The token names the key ${hex(token.keyId)}.`] : []);
