/** An error code -> one sentence of what it means here and one of what to try. */
import type { SealErrorCode } from '@sealring/codec';

const EXPLANATIONS: Readonly<Record<SealErrorCode, { means: string; tryThis: string }>> = {
  ERR_SEAL_MALFORMED: {
    means: 'This is not the text of a Sealring token.',
    tryThis:
      'Look for a missing end, a space or a character that is none of A–Z a–z 0–9 - _. A token starts with E or S.',
  },
  ERR_SEAL_VERSION: {
    means: 'The first byte names a format that this version cannot read.',
    tryThis:
      'A token of version 1 starts with E (sealed) or S (signed); any other start is another format or a changed token.',
  },
  ERR_SEAL_KEY_UNKNOWN: {
    means: 'The token names a key that is not the one given here.',
    tryThis: 'Use the key whose id the token shows, for example an older one or that of another environment.',
  },
  ERR_SEAL_TAMPERED: {
    means: 'The key is the right one by its id, but the tag does not fit.',
    tryThis:
      'Either the token was changed, or it was made for another purpose or context: check both fields, letter by letter.',
  },
  ERR_SEAL_EXPIRED: {
    means: 'The token is genuine, but older than the max age allows.',
    tryThis: 'Empty the max age, or set the clock back, to read it nevertheless.',
  },
  ERR_SEAL_FUTURE: {
    means: 'The token is genuine, but made more than a minute after the time on the clock.',
    tryThis: 'Compare the clocks of the two machines, or set the clock here to the present.',
  },
  ERR_SEAL_PAYLOAD: {
    means: 'The token is genuine, but its payload breaks a rule of the format.',
    tryThis: 'It comes from another implementation, or needs a dictionary; this page has none.',
  },
  ERR_SEAL_TYPE_UNKNOWN: {
    means: 'The token is genuine, but holds a class that this page does not know.',
    tryThis: 'Open it where the class is registered. This page knows the built-in classes and RegExp.',
  },
  ERR_SEAL_TOO_LARGE: {
    means: 'This is more than a token may hold.',
    tryThis: 'Seal less: an id, and keep the rest in a store.',
  },
};

export const explain = (code: SealErrorCode): { means: string; tryThis: string } => EXPLANATIONS[code];
