/** A value -> the format that it looks like. FORMATS has all formats: a new one is one file and one line here. */

import type { FormatMatch } from '../explanation.ts';
import type { Format } from '../format.ts';
import { sealring } from '../formats/sealring.ts';

const FORMATS: readonly Format[] = [sealring];

/** Returns the most likely format, or `undefined` if the value looks like none of them. */
export function detectFormat(value: string): FormatMatch | undefined {
  const matches = FORMATS.map(({ match }) => match(value)).filter((match) => match !== undefined);
  return matches.sort((one, other) => other.confidence - one.confidence)[0];
}

/** A value of no known format is explained as a Sealring token, so that the checks say what is wrong. */
export function formatOf(match: FormatMatch | undefined): Format {
  return FORMATS.find(({ id }) => id === match?.id) ?? sealring;
}
