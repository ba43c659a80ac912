/** A token -> the results of the first two checks, which need no key: base64url and length, and the first byte. FORMAT.md §2. */

import { count, join } from '../text.ts';
import type { Outcome, Subject } from './subject.ts';

export function checkStructure({ cookie, parts }: Subject): Outcome {
  const { text, bytes, fault, mode, minBytes } = parts;
  const failed = { state: 'failed' as const, code: 'ERR_SEAL_MALFORMED' as const };
  if (cookie.missing.length > 0) {
    const found = `${join(cookie.missing.map((name) => `“${name}”`))} of the ${cookie.chunks} cookies ${cookie.missing.length === 1 ? 'is' : 'are'} missing or of the wrong length`;
    const cause = 'The value was split over several cookies, and not all of them are here.';
    return {
      ...failed,
      found,
      cause,
      hint: 'Paste the whole Cookie header. Every part but the last fills its cookie to 4,096 bytes.',
      range: undefined,
    };
  }
  if (text === '') {
    return {
      ...failed,
      found: 'nothing',
      cause: 'The value is empty.',
      hint: 'A deleted cookie can leave an empty value.',
      range: undefined,
    };
  }
  if (fault !== undefined) {
    // If there are bytes, only the last character is wrong.
    const range = bytes && {
      from: Math.min(Math.floor((fault.characters.from * 6) / 8), bytes.length),
      to: bytes.length,
    };
    return { ...failed, found: fault.found, ...SPELLING[fault.reason], range, characters: fault.characters };
  }
  const length = bytes?.length ?? 0;
  if (mode !== undefined && length < minBytes) {
    const found = `${count(length, 'byte')}; a ${mode} token has ${minBytes} or more`;
    return {
      ...failed,
      found,
      cause: 'The end is missing.',
      hint: 'Copy the value again, to its last character.',
      range: { from: 0, to: length },
    };
  }
  return {
    state: 'passed',
    found: `${count(text.length, 'character')} of base64url, ${count(length, 'byte')}`,
    range: { from: 0, to: length },
  };
}

const SPELLING = {
  foreign: {
    cause: 'A character was changed or added, or the value was copied together with something else.',
    hint: 'A token has only the characters A–Z a–z 0–9 - _. Copy the value again.',
  },
  padding: {
    cause: 'A program has encoded the bytes again, as base64 with padding.',
    hint: 'Remove the “=” at the end.',
  },
  length: {
    cause: 'The value was cut, or something was added.',
    hint: 'Copy the value again, from its first character to its last.',
  },
  spare: {
    cause: 'The last character was changed, or the value was cut there.',
    hint: 'Only one spelling of the bytes is valid, so that nobody can change a token and keep it valid. Copy the value again.',
  },
} as const;

export function checkVersion({ parts }: Subject): Outcome {
  const range = { from: 0, to: 1 };
  const lead = `0x${(parts.bytes?.[0] ?? 0).toString(16).padStart(2, '0')}`;
  if (parts.mode !== undefined) return { state: 'passed', found: `${lead}: version 1, ${parts.mode}`, range };
  return {
    state: 'failed',
    found: `a first byte of ${lead}; 0x11 is a sealed token, 0x49 a signed one`,
    cause: 'This has another format, or the first characters were changed.',
    hint: 'A token starts with E (sealed) or S (signed).',
    code: 'ERR_SEAL_VERSION',
    range,
  };
}
