/** A value -> whether it looks like a Sealring token of version 1, by its first byte, length, time and (if signed) payload. FORMAT.md §2. */

import { annotate } from '../cbor/annotate.ts';
import type { FormatMatch } from '../explanation.ts';
import type { Format } from '../format.ts';
import { explainToken } from '../sealring/explain-token.ts';
import { MIN_CHARACTERS, payloadOf, readParts } from '../sealring/parts.ts';
import { formatInstant } from '../text.ts';

export const sealring: Format = { id: 'sealring', match, explain: explainToken };

// A time in this range is likely. One in nine random numbers is in it.
const EARLIEST = 1_735_689_600; // 2025
const LATEST = 2_208_988_800; // 2040
const FOREIGN = /[^A-Za-z0-9_-]/g;
const MAX_DAMAGED = 2; // characters; other formats have more of them

function match(value: string): FormatMatch | undefined {
  if (value.length < MIN_CHARACTERS || !/^[ES]/.test(value)) return undefined;
  const damaged = value.match(FOREIGN)?.length ?? 0;
  if (damaged > MAX_DAMAGED) return undefined;
  const parts = readParts(value.replace(FOREIGN, 'A')); // a damaged token is recognised by its other characters
  const { mode, issuedAt = 0 } = parts;
  if (mode === undefined || parts.segments.length === 0) return undefined;
  const isTimely = issuedAt >= EARLIEST && issuedAt < LATEST;
  const payload = payloadOf(parts);
  const isReadable = payload !== undefined && annotate(payload, { items: 10_000 }).fault === undefined;
  const isOpaque = payload === undefined;
  const isLikely = isTimely && (isOpaque || isReadable);
  const isPossible = isTimely || (isReadable && payload.length >= 8);
  if (!isPossible || (damaged > 0 && !isLikely)) return undefined;
  const reasons = [`its first byte says version 1, ${mode}`, 'it is long enough'];
  if (isTimely) reasons.push(`its time is likely: ${formatInstant(issuedAt)}`);
  if (isReadable) reasons.push('its payload is CBOR');
  if (damaged > 0) reasons.push('but it has characters that a token cannot have');
  const confidence = damaged > 0 ? 0.5 : isLikely ? 0.95 : 0.6;
  return { id: 'sealring', label: `Sealring token, version 1, ${mode}`, confidence, reasons };
}
